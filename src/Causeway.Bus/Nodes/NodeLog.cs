using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Nodes;

/// <summary>Every line that a node logs: one per event, none per message.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(1, LogLevel.Information, "listening for clients on {Address}, {Loops} event loops, memory budget {BudgetBytes} bytes, id {Id}")]
    public static partial void Listening(ILogger log, string address, int loops, long budgetBytes, string id);

    [LoggerMessage(2, LogLevel.Information, "monitoring on http://{Address}")]
    public static partial void Monitoring(ILogger log, string address);

    [LoggerMessage(17, LogLevel.Error, "the monitoring pages could not be started: {Message}")]
    public static partial void MonitoringFailed(ILogger log, string message, Exception fault);

    [LoggerMessage(18, LogLevel.Error, "a question of a client about its account, {Kind}, could not be answered: {Message}")]
    public static partial void QuestionFailed(ILogger log, string kind, string message, Exception fault);

    [LoggerMessage(3, LogLevel.Debug, "client {Id} from {Address}:{Port} connected")]
    public static partial void Connected(ILogger log, ulong id, string address, int port);

    [LoggerMessage(4, LogLevel.Debug, "client {Id} from {Address}:{Port} closed: {Reason}")]
    public static partial void Closed(ILogger log, ulong id, string address, int port, string reason);

    [LoggerMessage(5, LogLevel.Warning, "client {Id} ({Name}) from {Address}:{Port} closed as slow consumer: {Reason}, {PendingBytes} bytes were pending")]
    public static partial void SlowConsumer(ILogger log, ulong id, string name, string address, int port, string reason, long pendingBytes);

    [LoggerMessage(6, LogLevel.Warning, "connection refused: {Reason}, {Count} refused so far")]
    public static partial void Refused(ILogger log, string reason, long count);

    [LoggerMessage(7, LogLevel.Error, "accepting clients failed with errno {Errno}; trying again in {PauseMilliseconds} ms")]
    public static partial void AcceptFailed(ILogger log, int errno, int pauseMilliseconds);

    [LoggerMessage(8, LogLevel.Warning, "memory: {Step}, {UsedBytes} of {BudgetBytes} bytes held, growing {BytesPerSecond} bytes/s, largest holder {Holder} with {HolderBytes} bytes")]
    public static partial void GovernorUp(ILogger log, string step, long usedBytes, long budgetBytes, long bytesPerSecond, string holder, long holderBytes);

    [LoggerMessage(9, LogLevel.Information, "memory: back to {Step}, {UsedBytes} of {BudgetBytes} bytes held")]
    public static partial void GovernorDown(ILogger log, string step, long usedBytes, long budgetBytes);

    [LoggerMessage(10, LogLevel.Information, "memory budget changed from {OldBytes} to {NewBytes} bytes")]
    public static partial void BudgetChanged(ILogger log, long oldBytes, long newBytes);

    [LoggerMessage(11, LogLevel.Information, "lame duck: no new clients; {Count} clients are closed from {GraceSeconds} s on, over {DurationSeconds} s")]
    public static partial void LameDuck(ILogger log, int count, double graceSeconds, double durationSeconds);

    [LoggerMessage(12, LogLevel.Information, "draining {Count} clients, at most {Seconds} s")]
    public static partial void Draining(ILogger log, int count, double seconds);

    [LoggerMessage(13, LogLevel.Information, "stopped; {Leaks} accounts leaked {LeakedBytes} bytes")]
    public static partial void Stopped(ILogger log, long leaks, long leakedBytes);

    [LoggerMessage(14, LogLevel.Critical, "an event loop failed, the node can't go on: {Message}")]
    public static partial void LoopFailed(ILogger log, string message, Exception fault);

    [LoggerMessage(15, LogLevel.Error, "client {Id} closed for a defect in Causeway: {Message}")]
    public static partial void ClientFailed(ILogger log, ulong id, string message, Exception fault);

    [LoggerMessage(19, LogLevel.Error, "{Address}:{Port} - cid:{Id} - {Error}{User}")]
    public static partial void ClientError(ILogger log, string address, int port, ulong id, string error, string user);

    [LoggerMessage(20, LogLevel.Error, "{Count} lines about errors of clients were left out, too many coming in a second")]
    public static partial void ClientErrorsLeftOut(ILogger log, long count);

    [LoggerMessage(91, LogLevel.Error, "{Address}:{Port} - websocket handshake error: {Cause}")]
    public static partial void WebSocketRefused(ILogger log, string address, int port, string cause);

    [LoggerMessage(92, LogLevel.Information, "listening for WebSockets on {Address}{Kind}")]
    public static partial void ListeningForWebSockets(ILogger log, string address, string kind);

    [LoggerMessage(16, LogLevel.Error, "a client could not be taken in: {Message}")]
    public static partial void AdoptFailed(ILogger log, string message);
}

using Microsoft.Extensions.Logging;

namespace Causeway.Client.Hosting;

/// <summary>What a hosted client logs.</summary>
internal static partial class ClientLog
{
    public static void Write(ILogger logger, ClientEvent happened)
    {
        switch (happened)
        {
            case ClientEvent.Connected connected:
                Connected(logger, connected.Server);
                break;
            case ClientEvent.Reconnected reconnected:
                Connected(logger, reconnected.Server);
                break;
            case ClientEvent.Disconnected disconnected:
                Disconnected(logger, disconnected.Reason.Message);
                break;
            case ClientEvent.ReconnectFailed failed:
                Failed(logger, failed.Attempt, failed.Reason.Message);
                break;
            case ClientEvent.ServerError error:
                Refused(logger, error.Text);
                break;
            case ClientEvent.LameDuck lame:
                LameDuck(logger, lame.Server);
                break;
            case ClientEvent.Moving moving:
                Moving(logger, moving.Server, moving.Region);
                break;
            case ClientEvent.SlowConsumer slow:
                Slow(logger, slow.Subscription.Subject, slow.Subscription.DroppedMessages);
                break;
            case ClientEvent.Closed { Reason: { } reason }:
                Closed(logger, reason.Message);
                break;
        }
    }

    [LoggerMessage(8, LogLevel.Warning, "Draining the client of {Server} was not finished: {Reason}")]
    public static partial void NotDrained(ILogger logger, ServerAddress server, string reason);

    [LoggerMessage(1, LogLevel.Information, "Connected to {Server}")]
    private static partial void Connected(ILogger logger, ServerAddress server);

    [LoggerMessage(2, LogLevel.Warning, "Disconnected: {Reason}")]
    private static partial void Disconnected(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Attempt {Attempt}: {Reason}")]
    private static partial void Failed(ILogger logger, int attempt, string reason);

    [LoggerMessage(4, LogLevel.Warning, "The server says: {Text}")]
    private static partial void Refused(ILogger logger, string text);

    [LoggerMessage(5, LogLevel.Information, "{Server} is about to close its connections")]
    private static partial void LameDuck(ILogger logger, ServerAddress server);

    [LoggerMessage(6, LogLevel.Information, "Leaving {Server} for region {Region}")]
    private static partial void Moving(ILogger logger, ServerAddress server, string region);

    [LoggerMessage(7, LogLevel.Warning, "The reader of '{Subject}' is too slow; {Dropped} messages were dropped so far")]
    private static partial void Slow(ILogger logger, string subject, long dropped);

    [LoggerMessage(9, LogLevel.Error, "Closed for good: {Reason}")]
    private static partial void Closed(ILogger logger, string reason);
}

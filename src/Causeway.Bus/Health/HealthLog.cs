using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Health;

/// <summary>Every line about a node's health, its reports and commands: one per event.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(201, LogLevel.Information, "health: {Status}")]
    public static partial void Well(ILogger log, string status);

    [LoggerMessage(202, LogLevel.Warning, "health: {Status}: {Reasons}")]
    public static partial void Ill(ILogger log, string status, string reasons);

    [LoggerMessage(203, LogLevel.Warning, "reports can't be published: {Reason}")]
    public static partial void ReportFailed(ILogger log, string reason);

    [LoggerMessage(204, LogLevel.Information, "reports are published again")]
    public static partial void ReportsAgain(ILogger log);

    [LoggerMessage(205, LogLevel.Warning, "command taken: {Command} ({CommandId})")]
    public static partial void CommandTaken(ILogger log, string command, Guid commandId);

    [LoggerMessage(206, LogLevel.Warning, "command refused: {Problem} ({Result}, {Count} such so far)")]
    public static partial void CommandRefused(ILogger log, string problem, string result, long count);

    [LoggerMessage(207, LogLevel.Warning, "commands over the bus are not taken: clients reach {Address} from outside, and the deployment has no secret (--deployment-key-file)")]
    public static partial void NoCommands(ILogger log, string address);
}

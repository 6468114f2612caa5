using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Alarms;

/// <summary>What a node logs of alarms: one line for each that opens, worsens or closes.</summary>
internal static partial class AlarmLog
{
    [LoggerMessage(60, LogLevel.Warning, "alarm {Key} opened ({Severity}): {Summary}; cause: {Cause}")]
    public static partial void Opened(ILogger log, string key, string severity, string summary, string cause);

    [LoggerMessage(61, LogLevel.Warning, "alarm {Key} is critical now: {Summary}; cause: {Cause}")]
    public static partial void Worsened(ILogger log, string key, string summary, string cause);

    [LoggerMessage(62, LogLevel.Information, "alarm {Key} closed after {Seconds} s")]
    public static partial void Closed(ILogger log, string key, double seconds);

    [LoggerMessage(63, LogLevel.Error, "looking for alarms failed, the next look goes on: {Message}")]
    public static partial void LookFailed(ILogger log, string message, Exception fault);
}

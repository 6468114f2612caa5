using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Logging;

/// <summary>What is logged of the log itself.</summary>
internal static partial class ProgramLogLines
{
    [LoggerMessage(1, LogLevel.Information, "File log re-opened")]
    public static partial void Reopened(ILogger log);

    [LoggerMessage(2, LogLevel.Information, "File log re-open ignored, not a file logger")]
    public static partial void NothingToReopen(ILogger log);

    [LoggerMessage(3, LogLevel.Error, "log file not opened again, the old one goes on: {Problem}")]
    public static partial void NotReopened(ILogger log, string problem);
}

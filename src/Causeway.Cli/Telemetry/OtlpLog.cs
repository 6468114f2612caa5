using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Telemetry;

/// <summary>What is logged of the export by OTLP. Headers and payloads are not: they may hold secrets.</summary>
internal static partial class OtlpLog
{
    [LoggerMessage(1, LogLevel.Information, "exporting {What} by OTLP to {Collector}")]
    public static partial void Exporting(ILogger log, string collector, string what);

    [LoggerMessage(2, LogLevel.Warning, "exporting by OTLP fails ({Event}, {Count} times so far); what could not be exported is lost, and nothing waits for it")]
    public static partial void Failing(ILogger log, string @event, long count);
}

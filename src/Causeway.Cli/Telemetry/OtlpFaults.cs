using System.Diagnostics.Tracing;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Telemetry;

/// <summary>Says in the log that exporting fails, at most once in <see cref="LogInterval"/>: the exporter itself only tells whoever listens.</summary>
internal sealed class OtlpFaults : EventListener
{
    /// <summary>Time in which one line is enough.</summary>
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private long _count;
    private long _loggedAt;

    public OtlpFaults(ILogger log)
    {
        _log = log;
        // Sources that were there before this are told to the base class before the log is set.
        foreach (EventSource source in EventSource.GetSources())
        {
            OnEventSourceCreated(source);
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name.StartsWith("OpenTelemetry-Exporter-OpenTelemetryProtocol", StringComparison.Ordinal))
        {
            EnableEvents(eventSource, EventLevel.Warning);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (_log is null || eventData.Level > EventLevel.Error)
        {
            return;
        }

        lock (_lock)
        {
            _count++;
            if (_loggedAt == 0 || TimeProvider.System.GetElapsedTime(_loggedAt) >= LogInterval)
            {
                _loggedAt = TimeProvider.System.GetTimestamp();
                OtlpLog.Failing(_log, eventData.EventName ?? "unknown", _count);
            }
        }
    }
}

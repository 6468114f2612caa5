using System.Diagnostics.Metrics;
using Causeway.Bus.Monitoring;

namespace Causeway.Cli.Logging;

/// <summary>What a program's log lost, exported with what its node measures.</summary>
internal sealed class LogMetrics : IDisposable
{
    private readonly Meter _meter = new(NodeMetrics.MeterName);

    public LogMetrics(ProgramLog log)
    {
        _meter.CreateObservableCounter("causeway_log_lines_dropped", () => log.Dropped.Others, description: "Log lines dropped, the log not being written as fast.");
        _meter.CreateObservableCounter("causeway_log_trace_lines_dropped", () => log.Dropped.Trace, description: "Lines of the protocol's trace dropped, the log not being written as fast.");
    }

    public void Dispose() => _meter.Dispose();
}

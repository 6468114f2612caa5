using System.Diagnostics.Metrics;
using Causeway.Core.Control;

namespace Causeway.Alerting;

/// <summary>Open alarms as a metric.</summary>
public static class OpenAlarms
{
    /// <summary>How many of <paramref name="open"/> there are of each rule and severity, zeros too.</summary>
    public static IEnumerable<Measurement<long>> Count(IReadOnlyList<AlarmReport> open, IEnumerable<string> rules) =>
        from rule in rules
        from severity in Enum.GetValues<AlarmSeverity>()
        select new Measurement<long>(
            open.Count(alarm => alarm.Rule == rule && alarm.Severity == severity),
            new KeyValuePair<string, object?>("rule", rule),
            new KeyValuePair<string, object?>("severity", severity.ToString().ToLowerInvariant()));
}

using Causeway.Drill.Deployments;
using Causeway.Drill.Engine;

namespace Causeway.Drill.Expectations;

/// <summary>When a node's memory would have been exhausted had nobody done anything.</summary>
internal static class Exhaustion
{
    /// <summary>
    /// The first moment at which a node reaches the limit that it had at the script's start: the one at which it did or died, else the
    /// one to which the line through its resident memory leads, from <paramref name="from"/> until the first step that relieves its
    /// region (a higher limit or another node). Null if no node's memory grew so that it would be within a day of the script's clock.
    /// </summary>
    public static TimeSpan? Of(DrillRecord record, TimeSpan from)
    {
        IEnumerable<NodeProcess> nodes = record.Samples.Count == 0 ? [] : record.Samples[0].Processes;
        TimeSpan?[] moments = [.. nodes.Select(node => Of(record, node, from)).Where(moment => moment is not null)];
        return moments.Min();
    }

    private static TimeSpan? Of(DrillRecord record, NodeProcess node, TimeSpan from)
    {
        TimeSpan relief = record.Events
            .Where(what => what.Kind == EventKind.Step && what.Key is "memory-limit" or "add-node" && what.Region == node.Region && what.At > from)
            .Select(what => what.At)
            .FirstOrDefault(TimeSpan.MaxValue);
        (double At, NodeSample Node)[] points =
        [
            .. record.Samples.Where(sample => sample.At >= from && sample.At < relief)
                .Select(sample => (sample.At.TotalSeconds, Node: sample.Of(node.Node)))
                .Where(point => point.Node is not null)
                .Select(point => (point.TotalSeconds, point.Node!)),
        ];
        DrillEvent? death = record.Events.FirstOrDefault(what => what.Kind == EventKind.Death && what.Node == node.Node && what.At > from && what.At < relief);
        double? reached = points.Where(point => point.Node.ResidentBytes >= point.Node.MemoryLimitBytes).Select(point => (double?)point.At).FirstOrDefault();
        if (death is not null || reached is not null)
        {
            return TimeSpan.FromSeconds(Math.Min(death?.At.TotalSeconds ?? double.MaxValue, reached ?? double.MaxValue));
        }

        return points.Length < 3 ? null : Line(record, points);
    }

    private static TimeSpan? Line(DrillRecord record, (double At, NodeSample Node)[] points)
    {
        double meanAt = points.Average(point => point.At);
        double mean = points.Average(point => (double)point.Node.ResidentBytes);
        double slope = points.Sum(point => (point.At - meanAt) * (point.Node.ResidentBytes - mean)) / points.Sum(point => (point.At - meanAt) * (point.At - meanAt));
        double at = meanAt + ((points[0].Node.MemoryLimitBytes - mean) / slope);
        return slope > 0 && at * record.Script.TimeScale < TimeSpan.FromDays(1).TotalSeconds ? TimeSpan.FromSeconds(at) : null;
    }
}

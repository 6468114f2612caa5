using System.Collections.Immutable;
using Causeway.Core.Control;
using Causeway.Director.Registry;

namespace Causeway.Director.Status;

/// <summary>How one component looks at one moment, before hysteresis.</summary>
/// <param name="State">How it looks.</param>
/// <param name="Trouble">What kind of trouble it is in.</param>
public readonly record struct Reading(ComponentState State, Trouble Trouble)
{
    private static readonly Reading Well = new(ComponentState.Operational, Trouble.None);

    /// <summary>Reads all components out of <paramref name="view"/>, by id; empty if no region has been heard of.</summary>
    public static ImmutableSortedDictionary<string, Reading> All(DeploymentView view)
    {
        ImmutableSortedDictionary<string, Reading>.Builder readings = ImmutableSortedDictionary.CreateBuilder<string, Reading>(StringComparer.Ordinal);
        foreach (RegionView region in view.Regions)
        {
            readings[ComponentStatus.RegionalId(region.Name)] = Regional(region, view);
        }

        if (view.Regions.Count > 0)
        {
            readings[ComponentStatus.GlobalId] = Global(view);
        }

        return readings.ToImmutable();
    }

    /// <summary>The worse of two.</summary>
    public static Reading Worse(Reading one, Reading other) => other.State > one.State ? other : one;

    /// <summary>
    /// The kind of trouble that <paramref name="alarm"/> tells of; unknown for one that tells only that something is wrong, none for what
    /// no component suffers from: directors and their store.
    /// </summary>
    public static Trouble TroubleOf(AlarmReport alarm) => alarm.Rule switch
    {
        var rule when rule.StartsWith("memory", StringComparison.Ordinal) => Trouble.Capacity,
        var rule when IsAboutLinks(rule) => IsInside(alarm) ? Trouble.Inside : Trouble.Links,
        var rule when rule.StartsWith("slow", StringComparison.Ordinal) => Trouble.Load,
        var rule when rule.StartsWith("node", StringComparison.Ordinal) => Trouble.Servers,
        var rule when rule.StartsWith("director", StringComparison.Ordinal) || rule.StartsWith("store", StringComparison.Ordinal) => Trouble.None,
        _ => Trouble.Unknown,
    };

    private static bool IsAboutLinks(string rule) =>
        rule.StartsWith("link", StringComparison.Ordinal) || rule.Contains("interest", StringComparison.Ordinal) || rule.StartsWith("wan", StringComparison.Ordinal);

    private static bool IsInside(AlarmReport alarm) => alarm.Subject.EndsWith(AlarmReport.InsideSuffix, StringComparison.Ordinal);

    private static bool IsBetweenRegions(AlarmReport alarm) => IsAboutLinks(alarm.Rule) && !IsInside(alarm);

    private static Reading Regional(RegionView region, DeploymentView view)
    {
        if (region.Health == RegionHealth.Down)
        {
            return region.IsDraining ? new Reading(ComponentState.PartialOutage, Trouble.Maintenance) : new Reading(ComponentState.MajorOutage, Trouble.Servers);
        }

        Reading reading = region.IsDraining ? new Reading(ComponentState.DegradedPerformance, Trouble.Maintenance) : Well;
        if (region.Health == RegionHealth.Degraded)
        {
            Trouble trouble = region.ReadyNodes < region.Nodes ? Trouble.Servers : region.Headroom < 0.2 || region.Room == 0 ? Trouble.Capacity : Trouble.Unknown;
            bool turnsAway = region.ReadyNodes * 2 < region.Nodes || (region.Room == 0 && !region.IsDraining);
            reading = Worse(reading, new Reading(turnsAway ? ComponentState.PartialOutage : ComponentState.DegradedPerformance, trouble));
        }

        AlarmReport? critical = view.Alarms.FirstOrDefault(alarm =>
            alarm.Severity == AlarmSeverity.Critical && alarm.ClosedAt is null && !IsBetweenRegions(alarm) && Concerns(alarm, region.Name, view));
        return critical is null ? reading : Worse(reading, new Reading(ComponentState.DegradedPerformance, TroubleOf(critical)));
    }

    /// <summary>True if <paramref name="alarm"/> is about <paramref name="region"/> or a node of it.</summary>
    internal static bool Concerns(AlarmReport alarm, string region, DeploymentView view) =>
        alarm.Subject == region || alarm.Subject == region + AlarmReport.InsideSuffix
        || view.Nodes.Any(node => node.Report.Region == region
            && (alarm.Subject == node.Report.Node || alarm.Subject == $"{region}/{node.Report.Node}"));

    /// <summary>
    /// Traffic between regions. Every region has links to every other, so a pair of live regions without one that is up is cut. A
    /// region that is drained on purpose is no loss.
    /// </summary>
    private static Reading Global(DeploymentView view)
    {
        List<RegionView> wanted = [.. view.Regions.Where(region => !region.IsDraining)];
        List<RegionView> live = [.. wanted.Where(region => region.Health != RegionHealth.Down)];
        if (live.Count == 0 && view.Regions.All(region => region.Health == RegionHealth.Down))
        {
            return new Reading(ComponentState.MajorOutage, Trouble.Servers);
        }

        List<PairState> pairs = [.. LinkPairs.Of(view).Where(pair => live.Exists(r => r.Name == pair.From) && live.Exists(r => r.Name == pair.To)).Select(pair => pair.State)];
        if (pairs.Count > 0 && pairs.TrueForAll(pair => pair == PairState.Cut))
        {
            return new Reading(ComponentState.MajorOutage, Trouble.Links);
        }

        Reading reading = live.Count < wanted.Count ? new Reading(ComponentState.PartialOutage, Trouble.Servers) : Well;
        if (pairs.Contains(PairState.Cut))
        {
            reading = Worse(reading, new Reading(ComponentState.PartialOutage, Trouble.Links));
        }

        bool alarmed = view.Alarms.Any(alarm => alarm.Severity == AlarmSeverity.Critical && alarm.ClosedAt is null && IsBetweenRegions(alarm));
        return alarmed || pairs.Contains(PairState.Degraded) ? Worse(reading, new Reading(ComponentState.DegradedPerformance, Trouble.Links)) : reading;
    }
}

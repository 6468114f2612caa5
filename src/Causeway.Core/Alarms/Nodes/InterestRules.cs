using Causeway.Core.Control;

namespace Causeway.Core.Alarms.Nodes;

/// <summary>The rules of interest: who can't be reached, and whose interest is not complete here.</summary>
internal sealed class InterestRules(AlarmLimits limits)
{
    public const string Unconverged = "interest_unconverged";
    public const string Unreachable = "region_unreachable";

    /// <summary>A region may be reached by several carriers: one that is known and reachable is enough.</summary>
    public IReadOnlyList<AlarmCondition> Look(NodeReading reading)
    {
        List<AlarmCondition> conditions = [];
        foreach (IGrouping<(bool IsRegion, string Name), SourceReading> source in reading.Sources.GroupBy(source => (source.IsRegion, source.Name)))
        {
            bool isReachable = source.Any(one => one.IsReachable);
            bool isComplete = source.Any(one => one is { IsReachable: true, IsKnown: true });
            if (source.Key.IsRegion && !isReachable)
            {
                conditions.Add(UnreachableOf(reading, source.Key.Name));
            }
            else if (isReachable && !isComplete)
            {
                conditions.Add(UnconvergedOf(reading, source.Key.IsRegion, source.Key.Name, source.Sum(one => one.Entries)));
            }
        }

        return conditions;
    }

    private AlarmCondition UnconvergedOf(NodeReading reading, bool isRegion, string name, long entries)
    {
        string what = $"{(isRegion ? "region" : "node")} {name}";
        return new AlarmCondition
        {
            Key = $"{Unconverged}/{(isRegion ? "region" : "node")}/{name}",
            Rule = Unconverged,
            Severity = isRegion ? AlarmSeverity.Critical : AlarmSeverity.Warning,
            Subject = reading.WayTo(isRegion ? name : null),
            Summary = $"what {what} asks for is not all known here: messages to it may not go; {AlarmText.Count(entries)} entries so far",
            Level = AlarmLevel.Raised,
            OpenAfter = limits.UnconvergedHold,
            CloseAfter = limits.CloseHold,
            FindCause = () =>
            {
                Dictionary<string, string> details = new(StringComparer.Ordinal) { ["source"] = name, ["region_pair"] = reading.WayTo(isRegion ? name : null) };
                LinkReport? link = reading.Links.FirstOrDefault(link => isRegion ? link is { Kind: "wan", Direction: "out" } && link.Region == name : link.Peer == name);
                if (link is null)
                {
                    return new AlarmCause($"{what} is told by another node of the region, which does not know it all either", details);
                }

                LinkRules.Describe(reading, link, details);
                return new AlarmCause(FormattableString.Invariant($"its first telling over the {LinkRules.Name(link)} is not over: state {link.State}, {AlarmText.Bytes(link.BytesPerSecond)} a second, round trip {link.RoundTripMilliseconds:0.0} ms"), details);
            },
        };
    }

    private AlarmCondition UnreachableOf(NodeReading reading, string region) => new()
    {
        Key = $"{Unreachable}/{region}",
        Rule = Unreachable,
        Severity = AlarmSeverity.Critical,
        Subject = reading.WayTo(region),
        Summary = $"messages can't go to region {region}",
        Level = AlarmLevel.Raised,
        OpenAfter = limits.StallHold,
        CloseAfter = limits.CloseHold,
        FindCause = () =>
        {
            MissingLink? missing = reading.Missing.FirstOrDefault(missing => missing.IsWan && missing.Region == region);
            Dictionary<string, string> details = new(StringComparer.Ordinal) { ["region_pair"] = reading.WayTo(region), ["last_failure"] = missing?.LastFailure ?? "" };
            return new AlarmCause(
                missing is null ? "the node that holds the link to it has none" : $"{missing.Peer} is dialled: {(missing.LastFailure.Length > 0 ? missing.LastFailure : "no answer so far")}", details);
        },
    };
}

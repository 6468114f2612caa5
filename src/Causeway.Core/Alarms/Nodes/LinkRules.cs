using System.Globalization;
using Causeway.Core.Control;

namespace Causeway.Core.Alarms.Nodes;

/// <summary>The rules of links: lag, backlog and drops, stall, and a round trip that is degraded against the link's own baseline.</summary>
internal sealed class LinkRules(AlarmLimits limits)
{
    public const string Lag = "link_lag";
    public const string Backlog = "link_backlog";
    public const string Stall = "link_stall";
    public const string RoundTrip = "link_rtt";

    /// <summary>Most links of which something is remembered; those that are gone make room.</summary>
    private const int MaxRemembered = 4096;

    private static readonly TimeSpan MaxAbsence = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Memory> _links = new(StringComparer.Ordinal);

    /// <summary>Tells a link from others of the node.</summary>
    public static string Id(LinkReport link) => $"{link.Region}/{link.Peer}/{link.Direction}";

    public static string Name(LinkReport link) =>
        $"{(link.Kind == "wan" ? "WAN" : "LAN")} link {(link.Direction == "out" || link.Kind != "wan" ? "to" : "from")} {link.Peer}";

    /// <summary>The regions between which its messages go, in that order.</summary>
    public static string Pair(NodeReading reading, LinkReport link) =>
        link.Kind == "wan" && link.Direction != "out" ? $"{link.Region} -> {reading.Region}" : reading.WayTo(link.Kind == "wan" ? link.Region : null);

    public static void Describe(NodeReading reading, LinkReport link, Dictionary<string, string> details)
    {
        details["link"] = Id(link);
        details["region_pair"] = Pair(reading, link);
        details["link_state"] = link.State;
        details["rtt_ms"] = link.RoundTripMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);
        details["lag_entries"] = link.LagEntries.ToString(CultureInfo.InvariantCulture);
        details["pending_bytes"] = link.PendingBytes.ToString(CultureInfo.InvariantCulture);
    }

    public IReadOnlyList<AlarmCondition> Look(TimeSpan elapsed, NodeReading reading)
    {
        Forget(elapsed);
        List<AlarmCondition> conditions = [];
        foreach (LinkReport link in reading.Links)
        {
            Memory memory = Remember(elapsed, link);
            conditions.Add(LagOf(reading, link));
            conditions.Add(BacklogOf(reading, link, memory));
            conditions.Add(StallOf(reading, link));
            conditions.Add(RoundTripOf(elapsed, reading, link, memory));
        }

        conditions.AddRange(reading.Missing.Select(missing => MissingOf(reading, missing)));
        return [.. conditions.Where(condition => condition.Level != AlarmLevel.Calm)];
    }

    private Memory Remember(TimeSpan elapsed, LinkReport link)
    {
        string id = Id(link);
        if (!_links.TryGetValue(id, out Memory? memory))
        {
            memory = new Memory { Dropped = link.DroppedMessages };
            if (_links.Count < MaxRemembered)
            {
                _links[id] = memory;
            }
        }

        memory.SeenAt = elapsed;
        return memory;
    }

    private void Forget(TimeSpan elapsed)
    {
        foreach ((string id, Memory memory) in _links)
        {
            if (elapsed - memory.SeenAt > MaxAbsence)
            {
                _links.Remove(id);
            }
        }
    }

    private AlarmCondition Of(NodeReading reading, LinkReport link, string rule, AlarmSeverity severity, string summary, AlarmLevel level, Func<string> cause) => new()
    {
        Key = $"{rule}/{Id(link)}",
        Rule = rule,
        Severity = severity,
        Subject = Pair(reading, link),
        Summary = summary,
        Level = level,
        OpenAfter = limits.OpenHold,
        CloseAfter = limits.CloseHold,
        FindCause = () =>
        {
            Dictionary<string, string> details = new(StringComparer.Ordinal);
            Describe(reading, link, details);
            return new AlarmCause(cause(), details);
        },
    };

    private AlarmCondition LagOf(NodeReading reading, LinkReport link)
    {
        TimeSpan lag = TimeSpan.FromSeconds(link.LagEntries > 0 ? link.LagSeconds : 0);
        return Of(
            reading,
            link,
            Lag,
            lag >= limits.LagCriticalTime ? AlarmSeverity.Critical : AlarmSeverity.Warning,
            $"the {Name(link)} is behind: {AlarmText.Count(link.LagEntries)} changes of interest are not known there, the oldest for {AlarmText.Time(lag)}",
            MemoryRules.Between(lag >= limits.LagOpenTime, lag >= limits.LagCloseTime),
            () => FormattableString.Invariant($"{Name(link)}, region pair {Pair(reading, link)}: state {link.State}, round trip {link.RoundTripMilliseconds:0.0} ms, {AlarmText.Bytes(link.BytesPerSecond)} a second"));
    }

    private AlarmCondition BacklogOf(NodeReading reading, LinkReport link, Memory memory)
    {
        long dropped = Math.Max(0, link.DroppedMessages - memory.Dropped);
        memory.Dropped = link.DroppedMessages;
        bool drops = dropped > 0;
        return Of(
            reading,
            link,
            Backlog,
            drops ? AlarmSeverity.Critical : AlarmSeverity.Warning,
            $"{AlarmText.Bytes(link.PendingBytes)} of messages wait for the {Name(link)}{(drops ? $", {AlarmText.Count(dropped)} were dropped since the last look" : "")}",
            MemoryRules.Between(drops || link.PendingBytes >= limits.BacklogOpenBytes, link.PendingBytes >= limits.BacklogCloseBytes),
            () => FormattableString.Invariant($"more messages than the {Name(link)} carries, region pair {Pair(reading, link)}: {AlarmText.Bytes(link.BytesPerSecond)} a second, round trip {link.RoundTripMilliseconds:0.0} ms, state {link.State}"))
            with
        {
            OpenAfter = drops ? TimeSpan.Zero : limits.OpenHold,
        };
    }

    private AlarmCondition StallOf(NodeReading reading, LinkReport link) => Of(
        reading,
        link,
        Stall,
        link.Kind == "wan" ? AlarmSeverity.Critical : AlarmSeverity.Warning,
        link.State == "quiet" ? $"nothing comes over the {Name(link)}" : $"the {Name(link)} carries no messages: state {link.State}",
        MemoryRules.Between(link.State != "up", false),
        () => FormattableString.Invariant($"{Name(link)}, region pair {Pair(reading, link)}: state {link.State}, last round trip {link.RoundTripMilliseconds:0.0} ms")) with
    {
        OpenAfter = limits.StallHold,
    };

    private AlarmCondition RoundTripOf(TimeSpan elapsed, NodeReading reading, LinkReport link, Memory memory)
    {
        double usual = memory.RoundTrip.Milliseconds;
        double present = link.RoundTripMilliseconds;
        bool measured = usual > 0 && present - usual >= limits.RoundTripLeastRiseMilliseconds;
        bool raised = measured && present >= limits.RoundTripTimes * usual;
        bool between = measured && present >= limits.RoundTripCloseTimes * usual;
        if (present > 0)
        {
            memory.RoundTrip.Observe(elapsed, present, between);
        }

        return Of(
            reading,
            link,
            RoundTrip,
            AlarmSeverity.Warning,
            FormattableString.Invariant($"the round trip of the {Name(link)} is {present:0} ms, usually {usual:0} ms"),
            MemoryRules.Between(raised, between),
            () => FormattableString.Invariant($"{Name(link)}, region pair {Pair(reading, link)}: {present / Math.Max(usual, 0.001):0.0} times its usual round trip; {AlarmText.Bytes(link.PendingBytes)} of messages wait"))
            with
        {
            OpenAfter = limits.RoundTripHold,
        };
    }

    private AlarmCondition MissingOf(NodeReading reading, MissingLink missing) => new()
    {
        // Of a region one address has to answer, whichever; that nobody reaches it at all is another rule's matter.
        Key = missing.IsWan ? $"{Stall}/{missing.Region}/wanted" : $"{Stall}/{missing.Region}/{missing.Peer}/wanted",
        Rule = Stall,
        Severity = AlarmSeverity.Warning,
        Subject = reading.WayTo(missing.IsWan ? missing.Region : null),
        Summary = missing.IsWan ? $"there is no link to region {missing.Region}" : $"there is no link to {missing.Peer}",
        Level = AlarmLevel.Raised,
        OpenAfter = limits.StallHold,
        CloseAfter = limits.CloseHold,
        FindCause = () => new AlarmCause(
            $"{missing.Peer} in region {missing.Region} is dialled: {(missing.LastFailure.Length > 0 ? missing.LastFailure : "no answer so far")}",
            new Dictionary<string, string> { ["link"] = $"{missing.Region}/{missing.Peer}/wanted", ["region_pair"] = reading.WayTo(missing.IsWan ? missing.Region : null), ["last_failure"] = missing.LastFailure }),
    };

    private sealed class Memory
    {
        public RoundTripBaseline RoundTrip { get; } = new();

        public long Dropped { get; set; }

        public TimeSpan SeenAt { get; set; }
    }
}

using static System.FormattableString;

namespace Causeway.Core.Health;

/// <summary>
/// Judges a node's health from one look after the other. Nothing that lies outside the node makes it unready: one that can't reach
/// others reports doubt, as it may be they who are gone. Nothing but its own inability to work makes it dead: short memory, sick
/// links and leaving do not. Holds no clock; one thread looks.
/// </summary>
public sealed class HealthJudge
{
    private readonly HealthCondition[] _conditions =
    [
        new("draining", HealthStatus.NotReady, 1, 1, look => look.IsDraining ? "the node is leaving" : null),
        Lasting("bus_silent", HealthStatus.NotReady, look => look.BusRoundTripMilliseconds < 0 ? $"no message comes back through the bus: {look.BusFault}" : null),
        Lasting("loop_stuck", HealthStatus.NotReady, look => IsStuck(look) ? Invariant($"an event loop took {look.LoopDelayMilliseconds:0} ms to take a task") : null),
        AtOnce("memory_short", look => look.RefusesNew ? "memory is short: new clients and subscriptions are refused" : null),
        AtOnce("clients_full", look => look.Clients >= look.MaxClients ? $"all {look.MaxClients} connections are in use (max-connections)" : null),
        Lasting("accept_failing", HealthStatus.NotReady, look => look.AcceptErrors > 0 ? $"{look.AcceptErrors} connections could not be accepted in the last second, as for want of file descriptors" : null),
        Lasting("bus_slow", HealthStatus.Doubtful, look => look.BusRoundTripMilliseconds >= HealthLimits.SlowBusMilliseconds ? Invariant($"a message took {look.BusRoundTripMilliseconds:0} ms through the bus and back") : null),
        Lasting("loop_busy", HealthStatus.Doubtful, look => look.LoopDelayMilliseconds >= HealthLimits.BusyLoopMilliseconds && !IsStuck(look) ? Invariant($"an event loop took {look.LoopDelayMilliseconds:0} ms to take a task") : null),
        Lasting("headroom_low", HealthStatus.Doubtful, look => look.Headroom < HealthLimits.LowHeadroom && !look.RefusesNew ? Invariant($"{look.Headroom * 100:0} % of the memory for new clients is left") : null),
        Lasting("isolated", HealthStatus.Doubtful, look => IsIsolated(look) ? $"no other node can be reached ({Names(look)}): this node may be cut off, or they may be gone" : null),
        Lasting("links_missing", HealthStatus.Doubtful, look => look.LinksMissing.Count > 0 && !IsIsolated(look) ? $"links are not up: {Names(look)}" : null),
    ];

    private readonly HealthCondition[] _deaths =
    [
        Fatal(look => IsStuck(look) ? Invariant($"an event loop has taken no task for {look.LoopDelayMilliseconds:0} ms") : null),
        // A node that leaves listens no more: who can't come in again says nothing of how it works.
        Fatal(look => look.BusRoundTripMilliseconds < 0 && !look.IsDraining ? $"no message has come back through the bus in {HealthLimits.LooksToDie} tries: {look.BusFault}" : null),
    ];

    /// <summary>What was judged last.</summary>
    public HealthVerdict Verdict { get; private set; } = HealthVerdict.Starting;

    /// <summary>The verdict on a node of which every look finds the same.</summary>
    public static HealthVerdict Of(HealthEvidence evidence)
    {
        HealthJudge judge = new();
        for (int look = 0; look < HealthLimits.LooksToDie; look++)
        {
            judge.Look(evidence);
        }

        return judge.Verdict;
    }

    /// <summary>Takes a look into account and returns the verdict that follows.</summary>
    public HealthVerdict Look(HealthEvidence evidence)
    {
        foreach (HealthCondition condition in _conditions.Concat(_deaths))
        {
            condition.Look(evidence);
        }

        return Verdict = new HealthVerdict
        {
            Reasons = [.. _conditions.Where(condition => condition.Holds).Select(condition => condition.Reason).OrderByDescending(reason => reason.Makes)],
            Deaths = [.. _deaths.Where(death => death.Holds).Select(death => death.Reason.Text)],
        };
    }

    private static HealthCondition Lasting(string code, HealthStatus makes, Func<HealthEvidence, string?> find) =>
        new(code, makes, HealthLimits.LooksToHold, HealthLimits.LooksToClear, find);

    /// <summary>What refuses clients this moment: that it does is certain, that it no longer does has to last.</summary>
    private static HealthCondition AtOnce(string code, Func<HealthEvidence, string?> find) =>
        new(code, HealthStatus.NotReady, 1, HealthLimits.LooksToClear, find);

    private static HealthCondition Fatal(Func<HealthEvidence, string?> find) => new("dead", HealthStatus.NotReady, HealthLimits.LooksToDie, 1, find);

    private static bool IsStuck(HealthEvidence look) => look.LoopDelayMilliseconds >= HealthLimits.StuckLoopMilliseconds;

    private static bool IsIsolated(HealthEvidence look) => look.LinksUp == 0 && look.LinksMissing.Count > 0;

    private static string Names(HealthEvidence look)
    {
        int more = look.LinksMissing.Count - HealthLimits.MaxNamedLinks;
        return string.Join(", ", look.LinksMissing.Take(HealthLimits.MaxNamedLinks)) + (more > 0 ? $" and {more} more" : "");
    }
}

using Causeway.Director.Regions;
using Causeway.Director.Registry;
using Causeway.Director.Store;

namespace Causeway.Director.Admission;

/// <summary>
/// Decides for one client at a time where it is to be: near, within the measured room, and never faster than regions take. Thread-safe.
/// </summary>
/// <param name="store">Where grants are kept.</param>
/// <param name="ratePerSecond">Clients a second that each region takes; null to derive it from the room.</param>
public sealed class Admitter(IDirectorStore store, double? ratePerSecond)
{
    // A region has to be nearer than the present one by so much, or a client would wander with every measurement.
    private const double ReturnFactor = 0.75;
    private const double ReturnMilliseconds = 5;

    private const double MinRatePerSecond = 0.001;
    private const string Begins = "the director has just begun to hear of regions";
    private const string ReturnLine = "/return";

    private readonly long[] _advices = new long[Enum.GetValues<Advice>().Length];

    /// <summary>Decisions of one kind since the start.</summary>
    public long Count(Advice advice) => Volatile.Read(ref _advices[(int)advice]);

    /// <summary>Decides for <paramref name="client"/>, which is in <paramref name="current"/> (null if in none).</summary>
    /// <param name="client">The client, by the name that it gave itself.</param>
    /// <param name="current">The region where it is connected.</param>
    /// <param name="order">The regions in order.</param>
    /// <param name="snapshot">What else is known.</param>
    /// <param name="cancel">Ends the wait for the store.</param>
    public async ValueTask<Decision> DecideAsync(string client, string? current, IReadOnlyList<Candidate> order, DirectorSnapshot snapshot, CancellationToken cancel)
    {
        Candidate? home = order.FirstOrDefault(candidate => candidate.View.Name == current);
        Decision decision = snapshot.IsBeginning ? Beginning(current, snapshot)
            : home is { IsAlive: true, View.IsDraining: false } ? await StayOrReturnAsync(client, home, order, snapshot, cancel).ConfigureAwait(false)
            : await PlaceAsync(client, home, order, snapshot, cancel).ConfigureAwait(false);
        Interlocked.Increment(ref _advices[(int)decision.Advice]);
        return decision;
    }

    /// <summary>A director that does not know all regions yet moves nobody, and places nobody for want of a nearer one that it will know in a moment.</summary>
    private static Decision Beginning(string? current, DirectorSnapshot snapshot) => current is { Length: > 0 }
        ? new Decision(Advice.Stay, current, AdmissionLimits.UrgentPollInterval, Begins)
        : new Decision(Advice.Wait, "", snapshot.View.Regions.Count == 0 ? AdmissionLimits.FullWait : RegistryLimits.FirstHearing, Begins);

    private async ValueTask<Decision> StayOrReturnAsync(string client, Candidate home, IReadOnlyList<Candidate> order, DirectorSnapshot snapshot, CancellationToken cancel)
    {
        await store.SettleAsync(home.View.Name, client, cancel).ConfigureAwait(false);
        Candidate best = order[0];
        if (best != home && best is { IsOpen: true, View.Health: RegionHealth.Healthy } && IsMuchNearer(best.Nearness, home.Nearness)
            && snapshot.WellFor.GetValueOrDefault(best.View.Name) >= AdmissionLimits.ReturnAfter && !snapshot.IsInDoubt)
        {
            GrantAnswer answer = await ReturnAsync(client, best, snapshot, cancel).ConfigureAwait(false);
            return answer.Result == GrantResult.Granted
                ? new Decision(Advice.Move, best.View.Name, AdmissionLimits.PollInterval, $"{best.View.Name} is nearer and has room")
                : new Decision(Advice.Stay, home.View.Name, Max(answer.Wait, TimeSpan.FromSeconds(1)), $"{best.View.Name} is nearer; it takes clients back slowly");
        }

        TimeSpan poll = home.View.Health == RegionHealth.Healthy ? AdmissionLimits.PollInterval : AdmissionLimits.UrgentPollInterval;
        return new Decision(Advice.Stay, home.View.Name, poll, "");
    }

    /// <summary>Those who return stand in a line of their own, so that they don't keep those waiting who have no region; then they need a place like all others.</summary>
    private async ValueTask<GrantAnswer> ReturnAsync(string client, Candidate best, DirectorSnapshot snapshot, CancellationToken cancel)
    {
        GrantRequest line = Request(client, best, snapshot, AdmissionLimits.ReturnShare, AdmissionLimits.MaxWait);
        GrantAnswer turn = await store.TakeAsync(line with { Region = best.View.Name + ReturnLine, Room = AdmissionLimits.MaxGrants }, cancel).ConfigureAwait(false);
        return turn.Result == GrantResult.Granted
            ? await store.TakeAsync(Request(client, best, snapshot, 1, TimeSpan.Zero), cancel).ConfigureAwait(false)
            : turn;
    }

    /// <summary>A place for a client that has none, or has to leave.</summary>
    private async ValueTask<Decision> PlaceAsync(string client, Candidate? home, IReadOnlyList<Candidate> order, DirectorSnapshot snapshot, CancellationToken cancel)
    {
        bool isLeaving = home is { IsAlive: true };
        Candidate[] targets = [.. order.Where(candidate => candidate.IsOpen && candidate != home)];
        Candidate? waitsFor = null;
        TimeSpan wait = AdmissionLimits.FullWait;
        foreach (Candidate target in targets)
        {
            GrantAnswer answer = await store.TakeAsync(Request(client, target, snapshot, 1, AdmissionLimits.NearPatience), cancel).ConfigureAwait(false);
            if (answer.Result == GrantResult.Granted)
            {
                return Admitted(target);
            }

            if (answer.Result == GrantResult.Queued)
            {
                (waitsFor, wait) = (target, answer.Wait);
                break;
            }

            if (answer.Result == GrantResult.Busy && waitsFor is null)
            {
                waitsFor = target;
            }
        }

        if (waitsFor is not null && wait == AdmissionLimits.FullWait)
        {
            // All that have room are busy: it queues at the nearest.
            GrantAnswer queued = await store.TakeAsync(Request(client, waitsFor, snapshot, 1, AdmissionLimits.MaxWait), cancel).ConfigureAwait(false);
            if (queued.Result == GrantResult.Granted)
            {
                // A place came free in between.
                return Admitted(waitsFor);
            }

            wait = queued.Wait;
        }

        Decision Admitted(Candidate target) =>
            new(isLeaving ? Advice.Move : Advice.Connect, target.View.Name, AdmissionLimits.PollInterval, isLeaving ? $"{home!.View.Name} is being drained" : "");

        string reason = targets.Length == 0 ? "no region takes clients" : waitsFor is null ? "no region has room" : $"{waitsFor.View.Name} takes clients at a bounded rate";
        return isLeaving
            ? new Decision(Advice.Stay, home!.View.Name, wait, $"{home.View.Name} is being drained; {reason}")
            : new Decision(Advice.Wait, waitsFor?.View.Name ?? "", wait, reason);
    }

    private GrantRequest Request(string client, Candidate target, DirectorSnapshot snapshot, double share, TimeSpan maxWait)
    {
        double rate = RegionRoom.Rate(target.View.Room, ratePerSecond) * (snapshot.IsInDoubt ? AdmissionLimits.DoubtShare : 1) * share;
        return new GrantRequest
        {
            Region = target.View.Name,
            Client = client,
            Room = target.View.Room,
            RatePerSecond = Math.Max(rate, MinRatePerSecond),
            Burst = Math.Max(1, rate),
            MaxWait = maxWait,
            Directors = snapshot.LiveDirectors,
        };
    }

    private static bool IsMuchNearer(Nearness one, Nearness other) =>
        one.Milliseconds is { } near && (other.Milliseconds is not { } far || near < (far * ReturnFactor) - ReturnMilliseconds);

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

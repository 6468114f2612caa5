using System.Collections.Concurrent;
using System.Diagnostics;

namespace Causeway.Compare.Regions;

/// <summary>
/// Finds when interest has crossed: publishes in one region on sampled literals, each again and again until it arrives at the
/// subscriber in the other, and asks the node's monitoring where messages may cross before their interest does.
/// </summary>
internal sealed class Convergence : IDisposable
{
    /// <summary>A message that did not arrive is sent again after this time, then after twice, up to <see cref="Rarest"/>: a slow link has better to carry.</summary>
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Rarest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly RunningNode _knowing;
    private readonly BusClient _publisher;
    private readonly ConcurrentDictionary<string, bool> _arrived = [];

    /// <param name="knowing">The node that must come to know, where messages are published.</param>
    public Convergence(RunningNode knowing)
    {
        _knowing = knowing;
        _publisher = BusClient.Connect(knowing.Plan.ClientPort);
    }

    /// <summary>What the subscriber gives its messages to.</summary>
    public void OnMessage(string subject) => _arrived[subject] = true;

    /// <summary>
    /// The time until messages on all of the literals have arrived and, where the node tells, until it knows
    /// <paramref name="subscriptions"/>; null for what did not come about within <paramref name="limit"/>.
    /// </summary>
    public ConvergenceTimes Wait(IReadOnlyList<long> literals, long subscriptions, TimeSpan limit, Action? check = null)
    {
        long start = Stopwatch.GetTimestamp();
        HashSet<string> missing = [.. literals.Select(Literals.Subject)];
        _arrived.Clear();
        TimeSpan every = Soonest;
        double? arrived = null;
        double? synced = null;
        while (Stopwatch.GetElapsedTime(start) < limit)
        {
            foreach (string subject in missing)
            {
                _publisher.Publish(subject, "p");
            }

            long round = Stopwatch.GetTimestamp();
            do
            {
                Thread.Sleep(Poll);
                missing.RemoveWhere(_arrived.ContainsKey);
            }
            while (missing.Count > 0 && Stopwatch.GetElapsedTime(round) < every);

            every = every * 2 < Rarest ? every * 2 : Rarest;

            arrived ??= missing.Count == 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds : null;
            bool? told = synced is null ? _knowing.IsSynced(subscriptions) : true;
            synced ??= told == true ? Stopwatch.GetElapsedTime(start).TotalSeconds : null;
            if (arrived is not null && told != false)
            {
                return new ConvergenceTimes(arrived, told is null ? arrived : synced);
            }

            check?.Invoke();
        }

        return new ConvergenceTimes(arrived, synced);
    }

    public void Dispose() => _publisher.Dispose();
}

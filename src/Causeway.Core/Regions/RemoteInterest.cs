using Causeway.Core.Interest;
using Causeway.Core.Routing;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Regions;

/// <summary>
/// What other nodes and regions want, for the routing of messages. The mesh sets the sources; any thread may match. A cached route holds
/// while its <see cref="Stamp"/> does.
/// </summary>
public sealed class RemoteInterest
{
    private const int StampBuckets = 256;
    private const int BucketShift = FingerprintKey.Bits - 8;

    private readonly long[] _stamps = new long[StampBuckets];
    private readonly Lock _scratchLock = new();
    private readonly Route _scratch = new();
    private InterestSource[] _sources = [];
    private InterestSource[] _asked = [];
    private long _stamp;

    /// <summary>Creates an empty set of sources.</summary>
    public RemoteInterest(FingerprintKey fingerprints) => Fingerprints = fingerprints;

    /// <summary>The fingerprints of the deployment.</summary>
    public FingerprintKey Fingerprints { get; }

    /// <summary>Who wants something: the nodes that can be reached, and each region by its chosen carrier.</summary>
    public IReadOnlyList<InterestSource> Sources => Volatile.Read(ref _sources);

    /// <summary>A number that changes whenever the remote part of the route of a subject with this fingerprint may have changed.</summary>
    public long Stamp(ulong fingerprint) => Volatile.Read(ref _stamp) + Volatile.Read(ref _stamps[fingerprint >> BucketShift]);

    /// <summary>Notes that interest in the literals with this fingerprint changed.</summary>
    public void OnLiteralChanged(ulong fingerprint) => Interlocked.Increment(ref _stamps[fingerprint >> BucketShift]);

    /// <summary>Notes that any route may have changed.</summary>
    public void OnAnyChanged() => Interlocked.Increment(ref _stamp);

    /// <summary>Sets who wants something, and the regions that wanted something and can't be reached now: what they miss is counted.</summary>
    public void SetSources(IReadOnlyList<InterestSource> sources, IReadOnlyList<InterestSource> lost)
    {
        InterestSource[] before = _asked;
        InterestSource[] asked = [.. sources, .. lost];
        foreach (InterestSource source in asked)
        {
            // A lost region is marked as such before it is no longer routed: who looks meanwhile finds it to be one or the other.
            bool isLost = lost.Contains(source);
            source.IsLost = isLost;
            source.IsRouted = !isLost;
        }

        Volatile.Write(ref _sources, [.. sources]);
        Volatile.Write(ref _asked, asked);
        foreach (InterestSource source in before.Except(asked))
        {
            source.IsRouted = false;
            source.IsLost = false;
        }

        OnAnyChanged();
    }

    /// <summary>
    /// Adds to <paramref name="route"/> where the literal <paramref name="subject"/> goes beyond this node, and returns the stamp
    /// under which this is true.
    /// </summary>
    public long Match(Tenant tenant, ReadOnlySpan<byte> subject, uint subjectHash, ulong fingerprint, Route route)
    {
        // Read before the tables: a change in between makes the route stale at once, and not never.
        long stamp = Stamp(fingerprint);
        RemoteRoute? remote = null;
        foreach (InterestSource source in Volatile.Read(ref _asked))
        {
            if (source.Wants(fingerprint))
            {
                Add(remote ??= route.BeginRemote(), source);
            }
        }

        if (tenant.RemoteSubscriptions.Count > 0)
        {
            MatchTexts(tenant, subject, subjectHash, route);
        }

        return stamp;
    }

    private static int LocalGroup(Route route, QueueGroupName name)
    {
        for (int i = 0; i < route.Groups.Length; i++)
        {
            if (route.Groups[i].Name!.Name.Span.SequenceEqual(name.Name.Span))
            {
                return i;
            }
        }

        return -1;
    }

    private static void Add(RemoteRoute remote, InterestSource source)
    {
        if (source.IsLost)
        {
            remote.AddLost(source);
        }
        else
        {
            remote.Add(source);
        }
    }

    private void MatchTexts(Tenant tenant, ReadOnlySpan<byte> subject, uint subjectHash, Route route)
    {
        lock (_scratchLock)
        {
            tenant.RemoteSubscriptions.Match(subject, subjectHash, _scratch);
            foreach (Subscription pattern in _scratch.Plain)
            {
                if (pattern.Subscriber is InterestSource source && (source.IsRouted || source.IsLost))
                {
                    Add(route.BeginRemote(), source);
                }
            }

            foreach (QueueGroupRoute group in _scratch.Groups)
            {
                int local = LocalGroup(route, group.Name!);
                InterestSource? lost = null;
                bool isServed = local >= 0;
                foreach (Subscription member in group.Members)
                {
                    if (member.Subscriber is InterestSource { IsRouted: true } source)
                    {
                        route.BeginRemote().AddMember(group.Name!, source, local);
                        isServed = true;
                    }
                    else if (member.Subscriber is InterestSource { IsLost: true } region)
                    {
                        lost = region;
                    }
                }

                if (!isServed && lost is not null)
                {
                    route.BeginRemote().AddLost(lost);
                }
            }

            _scratch.Clear();
        }
    }
}

namespace Causeway.Director.Admission;

/// <summary>
/// Chooses nodes for the clients of a region, so that those who come between two reports spread over them by measured room and do not all
/// go to the node that looked emptiest last. Thread-safe. Holds no clock.
/// </summary>
/// <remarks>
/// A client that was granted a place is sent to the node with the fewest clients sent and not yet reported, this one included, for its
/// room (d'Hondt's rule): of N clients a node gets at least the whole part of N times its share of the room. Each director counts those
/// that it has sent itself.
/// </remarks>
/// <param name="random">Decides between equals, and the order of the nodes beside the first.</param>
public sealed class NodeSpread(Random random)
{
    // A walk over all places for each request would be too dear.
    private static readonly TimeSpan ExpiryInterval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _sent = new(StringComparer.Ordinal);
    private TimeSpan _nextExpiry = TimeSpan.MinValue;
    private long _uncounted;

    /// <summary>Clients that were sent to a node while <see cref="AdmissionLimits.MaxPlaces"/> others were under way, and so do not count.</summary>
    public long Uncounted => Volatile.Read(ref _uncounted);

    /// <summary>
    /// The addresses for a client that has a grant: its node first, the same while it is under way; then others by chance, those with more
    /// room sooner. At most <paramref name="most"/>.
    /// </summary>
    public IReadOnlyList<string> Send(string client, IReadOnlyList<NodeRoom> nodes, int most, TimeSpan now)
    {
        lock (_gate)
        {
            Expire(now);
            if (nodes.Count == 0)
            {
                return [];
            }

            string first = _places.TryGetValue(client, out Place place) && nodes.Any(node => node.Address == place.Address) ? place.Address : Choose(nodes);
            Count(client, first, now + AdmissionLimits.GrantLease);
            return [first, .. Mixed(nodes.Where(node => node.Address != first)).Take(most - 1)];
        }
    }

    /// <summary>The addresses for who has no grant: by chance, those with more room sooner. At most <paramref name="most"/>.</summary>
    public IReadOnlyList<string> Mix(IReadOnlyList<NodeRoom> nodes, int most)
    {
        lock (_gate)
        {
            return [.. Mixed(nodes).Take(most)];
        }
    }

    /// <summary>The client has arrived: it counts for <see cref="AdmissionLimits.SettleTime"/> more, until reports have it.</summary>
    public void Settle(string client, TimeSpan now)
    {
        lock (_gate)
        {
            TimeSpan end = now + AdmissionLimits.SettleTime;
            if (_places.TryGetValue(client, out Place place) && place.End > end)
            {
                _places[client] = place with { End = end };
            }
        }
    }

    private int Left(NodeRoom node) => node.Room - _sent.GetValueOrDefault(node.Address);

    private string Choose(IReadOnlyList<NodeRoom> nodes)
    {
        NodeRoom best = nodes[0];
        double least = double.PositiveInfinity;
        int equals = 0;
        foreach (NodeRoom node in nodes)
        {
            // Where none has room left, others have sent clients too: the node that is least over it.
            int left = Left(node);
            double load = left > 0 ? (double)(node.Room - left + 1) / node.Room : 2.0 + Math.Max(0, -left);
            equals = load < least ? 1 : load > least ? equals : equals + 1;
            if (load < least || (load <= least && random.Next(equals) == 0))
            {
                (best, least) = (node, load);
            }
        }

        return best.Address;
    }

    /// <summary>A random order by weight, without replacement: Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006.</summary>
    private IEnumerable<string> Mixed(IEnumerable<NodeRoom> nodes) =>
        nodes.OrderBy(node => -Math.Log(1 - random.NextDouble()) / Math.Max(Left(node), 0.01)).Select(node => node.Address);

    private void Count(string client, string address, TimeSpan end)
    {
        if (_places.TryGetValue(client, out Place before))
        {
            Remove(before.Address);
        }
        else if (_places.Count >= AdmissionLimits.MaxPlaces)
        {
            _uncounted++;
            return;
        }

        _places[client] = new Place(address, end);
        _sent[address] = _sent.GetValueOrDefault(address) + 1;
    }

    private void Remove(string address)
    {
        if (--_sent[address] == 0)
        {
            _sent.Remove(address);
        }
    }

    private void Expire(TimeSpan now)
    {
        if (now < _nextExpiry)
        {
            return;
        }

        _nextExpiry = now + ExpiryInterval;
        foreach ((string client, Place place) in _places)
        {
            if (place.End <= now)
            {
                _places.Remove(client);
                Remove(place.Address);
            }
        }
    }

    private readonly record struct Place(string Address, TimeSpan End);
}

/// <summary>A node that takes clients. Immutable.</summary>
/// <param name="Address">Where clients connect, as host:port.</param>
/// <param name="Room">Clients that it has room for, by its last report.</param>
public readonly record struct NodeRoom(string Address, int Room);

using Causeway.Core.Links;

namespace Causeway.Simulation.World;

/// <summary>All places, the nodes that live there now, and the wires between them. One seed makes one world.</summary>
internal sealed class SimWorld
{
    private const int MaxTraceLines = 4000;

    private readonly Dictionary<(string From, string To), SimWire> _wires = [];
    private readonly Dictionary<string, SimNode> _alive = [];
    private readonly Queue<string> _trace = new();
    private ulong _lastNode;

    public SimWorld(int seed, int regions, int nodesPerRegion, LinkLimits limits)
    {
        Random = new Random(seed);
        Limits = limits;
        for (int region = 0; region < regions; region++)
        {
            for (int node = 0; node < nodesPerRegion; node++)
            {
                string name = $"r{region}n{node}";
                // One that is there suffices; others, and oneself, may be named too, so that two nodes dial each other at once.
                string[] seeds = [.. Enumerable.Range(0, Random.Next(3)).Select(_ => $"r{region}n{Random.Next(nodesPerRegion)}:1"), .. node == 0 ? [] : new[] { $"r{region}n{Random.Next(node)}:1" }];

                // Each region is told of one other; of the rest it hears.
                (string, string)[] remotes = region == 0 || node > 0 ? [] : [($"r{Random.Next(region)}", "")];
                remotes = [.. remotes.Select(remote => (remote.Item1, $"{remote.Item1}n{Random.Next(nodesPerRegion)}:1"))];
                Places.Add(new SimPlace(name, $"r{region}", $"{name}:1", seeds, remotes));
            }
        }

        foreach (SimPlace place in Places)
        {
            Revive(place);
        }
    }

    public SimClock Clock { get; } = new();

    public Random Random { get; }

    public LinkLimits Limits { get; }

    public List<SimPlace> Places { get; } = [];

    public IReadOnlyCollection<SimNode> Nodes => _alive.Values;

    public long BytesOnWires { get; set; }

    /// <summary>How often a link came up or went down, or a region's owner changed, as any node saw it.</summary>
    public int Changes { get; set; }

    public IEnumerable<string> TraceLines => _trace;

    public void Trace(string line)
    {
        _trace.Enqueue($"{Clock.Now,8} {line}");
        if (_trace.Count > MaxTraceLines)
        {
            _trace.Dequeue();
        }
    }

    public SimNode? At(string address) => _alive.GetValueOrDefault(address);

    public SimNode Revive(SimPlace place)
    {
        // Numbers that are not in order of birth, as real ones are not.
        ulong id = (ulong)Random.NextInt64() << 8 | (++_lastNode & 0xFF);
        SimNode node = new(this, place, id);
        _alive[place.Address] = node;
        Trace($"{place.Name}: born as {id:x16}");
        return node;
    }

    public void Kill(SimNode node, bool silently)
    {
        Trace($"{node.Place.Name}: {(silently ? "dies silently" : "dies")}");
        _alive.Remove(node.Place.Address);
        node.Kill(silently);
    }

    /// <summary>The wire from one place to another; each pair has its own latency from the start.</summary>
    public SimWire Wire(SimPlace from, SimPlace to)
    {
        if (!_wires.TryGetValue((from.Address, to.Address), out SimWire? wire))
        {
            bool isLan = from.Region == to.Region;
            _wires[(from.Address, to.Address)] = wire = new SimWire { LatencyMilliseconds = isLan ? 1 : 10 + Random.Next(100) };
        }

        return wire;
    }

    public long LatencyTo(SimPlace from, string address) => Places.Find(place => place.Address == address) is { } to ? Wire(from, to).LatencyMilliseconds : 1;

    /// <summary>A connection from <paramref name="from"/> to whoever listens on <paramref name="address"/>; null if nobody can be reached.</summary>
    public SimLane? Connect(SimNode from, string address)
    {
        if (At(address) is not { } to)
        {
            return null;
        }

        SimWire there = Wire(from.Place, to.Place);
        SimWire back = Wire(to.Place, from.Place);
        if (there.IsBlocked || back.IsBlocked)
        {
            return null;
        }

        SimLane near = new(from, address);
        SimLane far = new(to, from.Place.Address);
        near.Connect(far, there);
        far.Connect(near, back);
        to.Lanes.Add(far);
        far.Begin(new ControlLane(to.Mesh, far, null, to.Now));
        return near;
    }
}

using Causeway.Simulation.World;

namespace Causeway.Simulation.Faults;

/// <summary>Breaks a world at random for a while, and heals it.</summary>
internal sealed class Chaos(SimWorld world)
{
    private readonly List<SimPlace> _dead = [];
    private readonly HashSet<SimWire> _hurt = [];

    /// <summary>Does one thing to the world.</summary>
    public void Strike()
    {
        switch (world.Random.Next(12))
        {
            case 0:
                Kill(silently: false);
                break;
            case 1:
                Kill(silently: true);
                break;
            case 2 or 3:
                Revive();
                break;
            case 4:
                Block(bothWays: true);
                break;
            case 5:
                Block(bothWays: false);
                break;
            case 6:
                Slow();
                break;
            case 7:
                Cut();
                break;
            case 8:
                JumpClock();
                break;
            default:
                HealSome();
                break;
        }
    }

    /// <summary>Everybody lives and every wire is well from now on.</summary>
    public void Heal()
    {
        while (_dead.Count > 0)
        {
            Revive();
        }

        foreach (SimWire wire in _hurt)
        {
            HealWire(wire);
        }

        _hurt.Clear();
    }

    private static void HealWire(SimWire wire) => (wire.IsBlocked, wire.BytesPerSecond, wire.FreeAt) = (false, 0, 0);

    private SimNode? AnyNode() => world.Nodes.Count == 0 ? null : world.Nodes.ElementAt(world.Random.Next(world.Nodes.Count));

    private void Kill(bool silently)
    {
        if (AnyNode() is { } node && world.Nodes.Count > 1)
        {
            world.Kill(node, silently);
            _dead.Add(node.Place);
        }
    }

    private void Revive()
    {
        if (_dead.Count > 0)
        {
            int which = world.Random.Next(_dead.Count);
            SimPlace place = _dead[which];
            _dead.RemoveAt(which);
            world.Revive(place);
        }
    }

    private (SimWire There, SimWire Back)? AnyWires()
    {
        SimPlace one = world.Places[world.Random.Next(world.Places.Count)];
        SimPlace other = world.Places[world.Random.Next(world.Places.Count)];
        return one == other ? null : (world.Wire(one, other), world.Wire(other, one));
    }

    private void Block(bool bothWays)
    {
        if (AnyWires() is { } wires)
        {
            wires.There.IsBlocked = true;
            wires.Back.IsBlocked = bothWays;
            _hurt.Add(wires.There);
            _hurt.Add(wires.Back);
        }
    }

    private void Slow()
    {
        if (AnyWires() is { } wires)
        {
            wires.There.BytesPerSecond = 5000 + world.Random.Next(50_000);
            _hurt.Add(wires.There);
        }
    }

    private void Cut()
    {
        if (AnyNode() is { } node && node.Lanes.Count > 0)
        {
            SimLane lane = node.Lanes[world.Random.Next(node.Lanes.Count)];
            world.Trace($"{node.Place.Name}: cut from {lane.RemoteAddress}");
            lane.End("cut", tellPeer: world.Random.Next(2) == 0);
        }
    }

    private void JumpClock()
    {
        if (AnyNode() is { } node)
        {
            // Monotonic clocks do not go back, but a machine may sleep.
            node.ClockOffset += world.Random.Next(5000);
            world.Trace($"{node.Place.Name}: clock jumps to {node.Now}");
        }
    }

    private void HealSome()
    {
        foreach (SimWire wire in _hurt.ToArray())
        {
            if (world.Random.Next(2) == 0)
            {
                HealWire(wire);
                _hurt.Remove(wire);
            }
        }
    }
}

using System.Text;
using Causeway.Core.Links;
using Causeway.Core.Subjects;
using Causeway.Simulation.Faults;
using Causeway.Simulation.Support;
using Causeway.Simulation.World;

namespace Causeway.Simulation;

/// <summary>
/// One seed's run: a deployment comes up, is used and broken for a while, is healed, and then has to be exact, to deliver everything
/// once, and to hold nothing at its end.
/// </summary>
internal sealed class SimulationRun
{
    private const long StepMilliseconds = 20;

    /// <summary>
    /// The longest that a healed deployment may take: the last stall is noticed, the last handshake that hangs is given up, the pause
    /// before the next dial is over, gossip has gone round, and tables are told.
    /// </summary>
    private const long ConvergenceMilliseconds = 45_000;

    private const long BacklogMilliseconds = 15_000;

    private readonly SimWorld _world;
    private readonly Traffic _traffic;
    private readonly Chaos _chaos;
    private readonly long _chaosMilliseconds;

    public SimulationRun(int seed)
    {
        Random shape = new(seed);
        (int regions, int nodes) = shape.Next(100) switch
        {
            < 70 => (1 + shape.Next(3), 1 + shape.Next(3)),
            < 90 => (1 + shape.Next(5), 1 + shape.Next(4)),
            < 99 => (2 + shape.Next(6), 1 + shape.Next(5)),
            _ => shape.Next(2) == 0 ? (10 + shape.Next(21), 1) : (1 + shape.Next(2), 6 + shape.Next(5)),
        };
        LinkLimits limits = new()
        {
            MaxStallTimeout = TimeSpan.FromSeconds(8),
            MaxTombstones = shape.Next(3) == 0 ? 3 : 1000,
            TakeoverWindow = TimeSpan.FromSeconds(1 + shape.Next(60)),
            LostNodeWindow = TimeSpan.FromSeconds(1 + shape.Next(20)),
        };
        _world = new SimWorld(shape.Next(), regions, nodes, limits);
        _traffic = new Traffic(_world);
        _chaos = new Chaos(_world);
        _chaosMilliseconds = 1000 + shape.Next(14_000);
        Description = $"{regions} regions of {nodes} nodes";
    }

    public string Description { get; }

    public IEnumerable<string> Trace => _world.TraceLines;

    /// <summary>The world as it is now, in words.</summary>
    public string State => WorldState.Of(_world);

    public int Received => _traffic.Received;

    public void Run()
    {
        long end = 2000 + _chaosMilliseconds;
        while (_world.Clock.Now < end)
        {
            _world.Clock.RunUntil(_world.Clock.Now + StepMilliseconds);
            _traffic.Step();
            if (_world.Clock.Now > 2000 && _world.Random.Next(25) == 0)
            {
                _chaos.Strike();
            }

            _traffic.Observe();
        }

        _chaos.Heal();
        _world.Trace("healed");
        Converge();
        DeliverAll();
        Reply();
        foreach (SimNode node in _world.Nodes)
        {
            if (node.End() is { } fault)
            {
                throw new SimulationException(fault);
            }
        }
    }

    private void Converge()
    {
        long end = _world.Clock.Now + ConvergenceMilliseconds;
        string? fault = "never looked";
        while (fault is not null && _world.Clock.Now < end)
        {
            _world.Clock.RunUntil(_world.Clock.Now + 250);
            _traffic.Observe();
            fault = Exactness.Fault(_world);
        }

        if (fault is not null)
        {
            throw new SimulationException($"not exact {ConvergenceMilliseconds} ms after it was healed: {fault}");
        }
    }

    /// <summary>At rest every message goes to every plain subscription once, and to one member of each group.</summary>
    private void DeliverAll()
    {
        // What was on its way over a slow wire when that was healed still takes as long as it was reckoned then.
        Settle(BacklogMilliseconds);
        foreach (SimNode node in _world.Nodes)
        {
            SimClient publisher = node.Clients.Find(client => !client.IsOver) ?? node.Connect();
            foreach (string subject in Traffic.Literals)
            {
                string payload = _traffic.Publish(publisher, subject);
                Settle();
                CheckDelivery(subject, payload);
            }
        }
    }

    private void CheckDelivery(string subject, string payload)
    {
        Dictionary<string, int> groups = [];
        foreach (SimClient client in _traffic.Clients)
        {
            foreach ((string sid, (string pattern, string queue)) in client.Subscriptions)
            {
                if (!Subject.Matches(Encoding.UTF8.GetBytes(pattern), Encoding.UTF8.GetBytes(subject)))
                {
                    continue;
                }

                int times = client.Received.Count(message => message.Sid == sid && message.Payload == payload);
                if (queue.Length > 0)
                {
                    groups[queue] = groups.GetValueOrDefault(queue) + times;
                }
                else if (times != 1)
                {
                    throw new SimulationException($"'{payload}' on '{subject}' came {times} times to a subscription to '{pattern}' at {client.Node.Place.Name}");
                }
            }
        }

        foreach ((string queue, int times) in groups)
        {
            if (times != 1)
            {
                throw new SimulationException($"'{payload}' on '{subject}' came {times} times to the queue group {queue}");
            }
        }

        _traffic.Observe();
    }

    /// <summary>A request from each node to one service somewhere is answered, though nobody tells of the inboxes.</summary>
    private void Reply()
    {
        SimNode[] nodes = [.. _world.Nodes];
        SimClient service = nodes[_world.Random.Next(nodes.Length)].Connect();
        service.Subscribe("service.call", "workers");
        Settle(3000);
        foreach (SimNode node in nodes)
        {
            SimClient requester = node.Connect();
            requester.Subscribe("_INBOX.me.*");
            string payload = _traffic.Publish(requester, "service.call", "_INBOX.me.1");
            Settle();
            (string _, string _, string reply, string _) = service.Received.Find(message => message.Payload == payload);
            if (string.IsNullOrEmpty(reply))
            {
                throw new SimulationException($"the request of {node.Place.Name} did not reach the service at {service.Node.Place.Name}");
            }

            service.Publish(reply, "answer");
            Settle();
            if (requester.Received.Count(message => message is { Payload: "answer", Subject: "_INBOX.me.1" }) != 1)
            {
                throw new SimulationException($"the answer from {service.Node.Place.Name} did not reach {node.Place.Name} on its inbox");
            }
        }
    }

    private void Settle(long milliseconds = 400) => _world.Clock.RunUntil(_world.Clock.Now + milliseconds);
}

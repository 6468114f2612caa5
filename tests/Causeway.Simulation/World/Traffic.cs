using Causeway.Simulation.Support;

namespace Causeway.Simulation.World;

/// <summary>
/// Clients that come and go, subscribe and publish at random. Every message has a payload of its own, so that who gets what, how often
/// and in which order can be told.
/// </summary>
internal sealed class Traffic(SimWorld world)
{
    private const int Subjects = 12;
    private const int MaxClientsPerNode = 4;
    private const int MaxSubscriptions = 6;

    private static readonly string[] Queues = ["red", "blue"];

    private readonly Dictionary<string, int> _lastOf = [];
    private readonly Dictionary<string, string> _waysOf = [];
    private readonly HashSet<(string Group, string Payload)> _served = [];
    private readonly Dictionary<SimClient, HashSet<(string Sid, string Payload)>> _seen = [];
    private readonly Dictionary<SimClient, Dictionary<(string Sid, string Publisher), int>> _order = [];

    /// <summary>All subjects that are published on.</summary>
    public static IEnumerable<string> Literals => Enumerable.Range(0, Subjects).Select(number => $"room.{number % 3}.s{number}");

    public IEnumerable<SimClient> Clients => world.Nodes.SelectMany(node => node.Clients).Where(client => !client.IsOver);

    public int Received { get; private set; }

    /// <summary>Does one thing that clients do.</summary>
    public void Step()
    {
        if (world.Nodes.Count == 0)
        {
            return;
        }

        SimNode node = world.Nodes.ElementAt(world.Random.Next(world.Nodes.Count));
        node.Clients.RemoveAll(client => client.IsOver);
        SimClient? client = node.Clients.Count > 0 ? node.Clients[world.Random.Next(node.Clients.Count)] : null;
        switch (world.Random.Next(10))
        {
            case 0:
                if (node.Clients.Count < MaxClientsPerNode)
                {
                    node.Connect();
                }

                break;
            case 1:
                if (world.Random.Next(4) == 0)
                {
                    client?.End();
                }

                break;
            case 2 or 3 or 4:
                Subscribe(client);
                break;
            case 5:
                Unsubscribe(client);
                break;
            default:
                if (client is not null)
                {
                    Publish(client, Literals.ElementAt(world.Random.Next(Subjects)));
                }

                break;
        }
    }

    /// <summary>Publishes a message that only the caller knows, and returns its payload.</summary>
    public string Publish(SimClient client, string subject, string reply = "")
    {
        string publisher = $"{client.Node.Mesh.Self.Id:x}/{client.Session.Id}/{subject}";
        int number = _lastOf[publisher] = _lastOf.GetValueOrDefault(publisher) + 1;
        string payload = $"{publisher}#{number}";
        _waysOf[payload] = Ways(client.Node);
        client.Publish(subject, payload, reply);
        return payload;
    }

    /// <summary>
    /// Looks at all that came since the last call: nothing twice, one member of a group at most, and in order what was published while the
    /// ways through the deployment were the same. A carrier that its region has lost may deliver late what the next has overtaken.
    /// </summary>
    public void Observe()
    {
        foreach (SimClient client in world.Nodes.SelectMany(node => node.Clients))
        {
            foreach ((string sid, string _, string _, string payload) in client.Received)
            {
                Received++;
                Check(client, sid, payload);
            }

            client.Received.Clear();
        }
    }

    private void Check(SimClient client, string sid, string payload)
    {
        if (!Of(_seen, client).Add((sid, payload)))
        {
            throw new SimulationException($"{client.Node.Place.Name} delivered '{payload}' twice to subscription {sid}");
        }

        int hash = payload.LastIndexOf('#');
        if (hash < 0)
        {
            return;
        }

        (string, string) publisher = (sid, payload[..hash]);
        int number = int.Parse(payload[(hash + 1)..], null);
        Dictionary<(string, string), int> last = Of(_order, client);
        if (last.TryGetValue(publisher, out int before) && number <= before && _waysOf[payload] == _waysOf[$"{publisher.Item2}#{before}"])
        {
            throw new SimulationException($"{client.Node.Place.Name} delivered '{payload}' behind number {before}");
        }

        last[publisher] = Math.Max(before, number);
        if (client.Subscriptions.TryGetValue(sid, out (string Subject, string Queue) subscription) && subscription.Queue.Length > 0
            && !_served.Add((subscription.Queue, payload)))
        {
            throw new SimulationException($"'{payload}' went to two members of the queue group {subscription.Queue}");
        }
    }

    /// <summary>What decides on the way of a message that <paramref name="node"/> sends now.</summary>
    private string Ways(SimNode node) =>
        $"{world.Changes} {string.Join(' ', node.Mesh.Interest.Sources.Where(source => source.IsRouted).Select(source => $"{source.Region}/{source.Carrier:x}"))}";

    private static T Of<T>(Dictionary<SimClient, T> all, SimClient client)
        where T : new()
    {
        if (!all.TryGetValue(client, out T? one))
        {
            all[client] = one = new T();
        }

        return one;
    }

    private void Subscribe(SimClient? client)
    {
        if (client is null || client.Subscriptions.Count >= MaxSubscriptions)
        {
            return;
        }

        int number = world.Random.Next(Subjects);
        string subject = world.Random.Next(6) switch
        {
            0 => $"room.{number % 3}.*",
            1 => $"room.{number % 3}.>",
            _ => Literals.ElementAt(number),
        };
        client.Subscribe(subject, world.Random.Next(4) == 0 ? Queues[world.Random.Next(Queues.Length)] : "");
    }

    private void Unsubscribe(SimClient? client)
    {
        if (client is { Subscriptions.Count: > 0 })
        {
            client.Unsubscribe(client.Subscriptions.Keys.ElementAt(world.Random.Next(client.Subscriptions.Count)));
        }
    }
}

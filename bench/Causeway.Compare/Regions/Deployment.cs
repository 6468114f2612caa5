using Causeway.Shaper;

namespace Causeway.Compare.Regions;

/// <summary>The nodes of one run of a scenario, and the link between their regions. Nodes of different regions know no other way.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    public const string East = "us-east";
    public const string West = "us-west";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("causeway-regions-");
    private readonly List<RunningNode> _nodes = [];

    private Deployment()
    {
    }

    public IReadOnlyList<RunningNode> Nodes => _nodes;

    /// <summary>The link between the regions; only with two.</summary>
    public WanLink Link { get; private set; } = null!;

    /// <summary>One node by itself.</summary>
    public static Deployment Single(Peer peer) => new Deployment().Run(peer, [new NodePlan("east-1", East)]);

    /// <summary>Two nodes of one region.</summary>
    public static Deployment Lan(Peer peer)
    {
        NodePlan[] plans = [new("east-1", East), new("east-2", East)];
        plans[0].Peers = [plans[1]];
        plans[1].Peers = [plans[0]];
        return new Deployment().Run(peer, plans);
    }

    /// <summary>Two regions of a node each, with nothing between them.</summary>
    public static Deployment WanDirect(Peer peer)
    {
        NodePlan east = new("east-1", East);
        NodePlan west = new("west-1", West) { Remotes = peer.OneSideDials ? [] : [(East, peer.LinkPort(east))] };
        return new Deployment().Run(peer, [west, east with { Remotes = [(West, peer.LinkPort(west))] }]);
    }

    /// <summary>Regions of <paramref name="east"/> nodes and of one, the link between them refusing until it is resumed if so wanted.</summary>
    public static Deployment Wan(Peer peer, LinkConditions? conditions = null, int east = 1, bool connected = true)
    {
        NodePlan target = new("west-1", West);
        NodePlan[] first = [.. Enumerable.Range(1, east).Select(i => new NodePlan($"east-{i}", East))];
        Deployment deployment = new() { Link = new WanLink(peer.LinkPort(first[0]), peer.LinkPort(target), conditions) };
        if (!connected)
        {
            deployment.Link.Refuse();
        }

        // The east dials through the link; the west does so too where each side dials for itself. A second node of the east has a
        // shaper of its own in neither case: what it advertises leads to itself, unshaped, and only the kill scenario has one.
        NodePlan west = target with { ShapedPort = deployment.Link.ToWest.Address.Port, Remotes = peer.OneSideDials ? [] : [(East, deployment.Link.ToEast.Address.Port)] };
        NodePlan[] plans = [.. first.Select((plan, i) => plan with
        {
            ShapedPort = i == 0 ? deployment.Link.ToEast.Address.Port : null,
            Remotes = [(West, deployment.Link.ToWest.Address.Port)],
        })];
        foreach (NodePlan plan in plans)
        {
            plan.Peers = [.. plans.Where(other => other != plan)];
        }

        return deployment.Run(peer, [west, .. plans]);
    }

    /// <summary>A node by its name.</summary>
    public RunningNode this[string name] => _nodes.Single(node => node.Plan.Name == name);

    /// <summary>Says so where a node has ended by itself.</summary>
    public void Check()
    {
        RunningNode? ended = _nodes.Find(node => node.HasExited);
        if (ended is not null)
        {
            throw new CompareException($"{ended.Plan.Name} ended: {ended.Errors}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RunningNode node in _nodes)
        {
            node.Dispose();
        }

        if (Link is not null)
        {
            await Link.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private Deployment Run(Peer peer, IEnumerable<NodePlan> plans)
    {
        try
        {
            foreach (NodePlan plan in plans)
            {
                _nodes.Add(new RunningNode(peer, plan, _folder.FullName));
            }

            return this;
        }
        catch
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }
}

using Causeway.Core;
using Causeway.Core.Clients;
using Causeway.Core.Interest;
using Causeway.Core.Links;
using Causeway.Core.Memory;
using Causeway.Core.Protocol;
using Causeway.Core.Regions;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;

namespace Causeway.Simulation.World;

/// <summary>One node's life: the real routing, mesh and interest over simulated connections. A restart makes another with its address.</summary>
internal sealed class SimNode : IMeshHost
{
    private const int TickMilliseconds = 50;
    private const long BudgetBytes = 1L << 30;

    private readonly Random _random;
    private readonly MemoryAccount _interest;
    private readonly MemoryAccount _loop;
    private ulong _lastClient;

    public SimNode(SimWorld world, SimPlace place, ulong id)
    {
        World = world;
        Place = place;
        _random = new Random(world.Random.Next());
        MemoryBudget budget = new(BudgetBytes);
        Tenant tenant = new(Tenant.DefaultName, new ByteHash((ulong)_random.NextInt64()));
        Context = new NodeContext(new Limits(), budget, new BlockPool(budget, 0), new Governor(budget), tenant, new ServerInfo
        {
            ServerId = $"{id}",
            ServerName = place.Name,
            Version = "2.9.10",
            Host = "10.0.0.1",
            Port = 4222,
            MaxPayloadBytes = 1 << 20,
        });
        _loop = budget.Open("loop");
        _interest = budget.Open("interest");
        Batch = new DeliveryBatch(_loop, Context.Limits, _random);
        NodeCard self = new(id, place.Name, place.Region, place.Address, place.Address);
        DeploymentKey key = new("simulation", []);
        FingerprintKey fingerprints = new(key.FingerprintSecret);
        InterestTable CreateTable(IInterestListener? listener) =>
            new(fingerprints, (ulong)_random.NextInt64(), _interest, listener, world.Limits.MaxTombstones);
        RegionDirectory directory = new(self);
        RemoteInterest remote = new(fingerprints);
        NodeInterest own = new(fingerprints, world.Limits, CreateTable);
        LinkContext links = new()
        {
            Own = own,
            Remote = remote,
            Directory = directory,
            Forwarder = new Forwarder(Context.Tenants.FindOrAdd, directory),
            Governor = Context.Governor,
            FindTenant = Context.Tenants.FindOrAdd,
            Account = _interest,
            CreateTable = CreateTable,
            MaxPayloadBytes = 1 << 20,
        };
        Context.Tenants.Prepare(each =>
        {
            each.Remote = remote;
            each.Directory = directory;
            own.Follow(each);
        });
        Own = own;
        Remote = remote;
        Forwarder = links.Forwarder;
        Mesh = new Mesh(self, key, world.Limits, place.Seeds, place.Remotes, this, new MeshInterest(links), _random) { Now = Now };
        world.Clock.After(_random.Next(TickMilliseconds), Tick);
    }

    public SimWorld World { get; }

    public SimPlace Place { get; }

    public NodeContext Context { get; }

    public DeliveryBatch Batch { get; }

    public Mesh Mesh { get; }

    public NodeInterest Own { get; }

    public RemoteInterest Remote { get; }

    public Forwarder Forwarder { get; }

    public List<SimLane> Lanes { get; } = [];

    public List<SimClient> Clients { get; } = [];

    /// <summary>What the node's clock is ahead of the world's: a clock that jumps.</summary>
    public long ClockOffset { get; set; }

    public long Now => World.Clock.Now + ClockOffset;

    public bool IsDead { get; private set; }

    public SimClient Connect()
    {
        SimClient client = new(this, ++_lastClient);
        Clients.Add(client);
        return client;
    }

    /// <summary>The node is no more. With <paramref name="silently"/> nobody is told, as when a machine loses power.</summary>
    public void Kill(bool silently)
    {
        IsDead = true;
        foreach (SimLane lane in Lanes.ToArray())
        {
            lane.End("the node died", tellPeer: !silently);
        }

        End();
    }

    /// <summary>Ends all clients and links, and tells what is held then, which must be nothing.</summary>
    public string? End()
    {
        IsDead = true;
        foreach (SimClient client in Clients)
        {
            client.End();
        }

        foreach (SimLane lane in Lanes.ToArray())
        {
            lane.End("the end", tellPeer: false);
        }

        Mesh.Interest.Clear();
        Batch.Clear();
        Context.Pool.Trim();
        Context.Pool.Trim();
        Context.Budget.Close(_interest);
        Context.Budget.Close(_loop);
        return Context.Budget.Total != 0 || Context.Budget.Leaks != 0
            ? $"{Place.Name} still holds {Context.Budget.Total} bytes, {Context.Budget.Leaks} accounts leaked {Context.Budget.LeakedBytes}"
            : null;
    }

    public void Dial(LinkDial dial) => Open(dial.Address, lane => new ControlLane(Mesh, lane, dial, Now), null, reason => Mesh.OnDialFailed(dial, reason));

    public void DialData(Link link) => Open(link.Control.RemoteAddress, _ => new IdleLane(), lane => Mesh.BeginData(link, lane), reason => link.Close(reason));

    public byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    public void OnLinkUp(Link link) => Changed($"link to {link.Peer.Name} up");

    public void OnLinkDown(Link link, string reason) => Changed($"link to {link.Peer.Name} down: {reason}");

    public void OnLinkFailed(string address, string reason) => World.Trace($"{Place.Name}: no link with {address}: {reason}");

    public void OnClientUrlsChanged(IReadOnlyList<string> urls, IReadOnlyList<string> webSocketUrls)
    {
    }

    public void OnOwnerChanged(string region, string owner) => Changed($"{region} belongs to {owner}");

    private void Changed(string what)
    {
        World.Changes++;
        World.Trace($"{Place.Name}: {what}");
    }

    private void Open(string address, Func<SimLane, ILane> createLane, Action<SimLane>? begin, Action<string> onFailed)
    {
        long latency = World.LatencyTo(Place, address);
        World.Clock.After(2 * latency, () =>
        {
            if (IsDead)
            {
                return;
            }

            Mesh.Now = Now;
            if (World.Connect(this, address) is not { } lane)
            {
                onFailed("can't connect");
                return;
            }

            Lanes.Add(lane);
            lane.Begin(createLane(lane));
            begin?.Invoke(lane);
            lane.Wake();
        });
    }

    private void Tick()
    {
        if (IsDead)
        {
            return;
        }

        Batch.NowMilliseconds = Now;
        Mesh.Check(Now);
        foreach (SimLane lane in Lanes.ToArray())
        {
            lane.Check();
        }

        Batch.Flush();
        World.Clock.After(TickMilliseconds, Tick);
    }
}

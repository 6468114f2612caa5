using Causeway.Core.Interest;
using Causeway.Core.Links;
using Causeway.Core.Memory;
using Causeway.Core.Regions;
using Causeway.Core.Routing;
using Causeway.Core.Tests.Support;

namespace Causeway.Core.Tests.Regions;

/// <summary>A node's mesh without sockets and clocks, whose dials lead nowhere: a test plays the others.</summary>
internal sealed class LoneMesh : IMeshHost
{
    private readonly Random _random = new(1);

    public LoneMesh(NodeCard self, LinkLimits? limits = null)
    {
        limits ??= new LinkLimits();
        FingerprintKey fingerprints = new(Key.FingerprintSecret);
        MemoryAccount account = Node.Budget.Open("interest");
        InterestTable CreateTable(IInterestListener? listener) => new(fingerprints, (ulong)_random.NextInt64(), account, listener);
        RegionDirectory directory = new(self);
        Remote = new RemoteInterest(fingerprints);
        Links = new LinkContext
        {
            Own = new NodeInterest(fingerprints, limits, CreateTable),
            Remote = Remote,
            Directory = directory,
            Forwarder = new Forwarder(Node.Context.Tenants.FindOrAdd, directory),
            Governor = Node.Governor,
            FindTenant = Node.Context.Tenants.FindOrAdd,
            Account = account,
            CreateTable = CreateTable,
            MaxPayloadBytes = 1 << 20,
        };
        Node.Context.Tenants.Prepare(tenant =>
        {
            tenant.Remote = Remote;
            tenant.Directory = directory;
            Links.Own.Follow(tenant);
        });
        Mesh = new Mesh(self, Key, limits, [], [], this, new MeshInterest(Links), _random);
    }

    public static DeploymentKey Key { get; } = new("test", []);

    public TestNode Node { get; } = new();

    public RemoteInterest Remote { get; }

    public LinkContext Links { get; }

    public Mesh Mesh { get; }

    public List<string> Ups { get; } = [];

    public List<string> Downs { get; } = [];

    public void Dial(LinkDial dial) => Mesh.OnDialFailed(dial, "nobody is there");

    public void DialData(Link link)
    {
        // The test opens data lanes where it wants them.
    }

    public byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    public void OnLinkUp(Link link) => Ups.Add(link.Peer.Name);

    public void OnLinkDown(Link link, string reason) => Downs.Add($"{link.Peer.Name}: {reason}");

    public void OnLinkFailed(string address, string reason)
    {
    }

    public void OnClientUrlsChanged(IReadOnlyList<string> urls, IReadOnlyList<string> webSocketUrls)
    {
    }

    public void OnOwnerChanged(string region, string owner)
    {
    }
}

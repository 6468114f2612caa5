using System.Text;
using Causeway.Core.Interest;
using Causeway.Core.Links;
using Causeway.Core.Regions;
using Causeway.Core.Subscriptions;
using Causeway.Core.Tests.Interest;
using Xunit;

namespace Causeway.Core.Tests.Regions;

/// <summary>What is wanted elsewhere is routed where it can be reached, and counted as missed where it can't.</summary>
public sealed class RemoteInterestTests
{
    private const int Matches = 20_000;

    private static readonly ulong Literal = TestInterest.Literal(1);
    private static readonly byte[] Subject = "room.1.chat"u8.ToArray();

    private readonly LoneMesh _node = new(new NodeCard(1, "e1", "east", "10.0.0.1:7000", "10.0.0.1:4222"));
    private readonly InterestSource _west;
    private readonly InterestSource _north;
    private readonly Route _route = new();

    public RemoteInterestTests()
    {
        _west = Source("west");
        _north = Source("north");
    }

    [Fact]
    public void A_region_that_can_be_reached_is_routed_and_one_that_can_not_is_missed()
    {
        Assert.Equal(("", ""), Match());
        _node.Remote.SetSources([_west], [_north]);
        Assert.Equal(("west", "north"), Match());
        Assert.Equal((true, false, false, true), (_west.IsRouted, _west.IsLost, _north.IsRouted, _north.IsLost));
        Assert.Equal([_west], _node.Remote.Sources);
        _node.Remote.SetSources([_west, _north], []);
        Assert.Equal(("north west", ""), Match());
        _node.Remote.SetSources([], [_north]);
        Assert.Equal(("", "north"), Match());
        Assert.Equal((false, false, false, true), (_west.IsRouted, _west.IsLost, _north.IsRouted, _north.IsLost));
        _node.Remote.SetSources([], []);
        Assert.Equal(("", ""), Match());
        Assert.False(_north.IsLost);
    }

    [Fact]
    public void Each_change_of_sources_makes_routes_stale()
    {
        long first = _node.Remote.Stamp(Literal);
        _node.Remote.SetSources([_west], []);
        Assert.NotEqual(first, _node.Remote.Stamp(Literal));
    }

    [Fact]
    public void Patterns_and_groups_go_the_same_way()
    {
        _west.SetText(_node.Node.Tenant, Text("room.*.chat"), true);
        _north.SetText(_node.Node.Tenant, Text("room.>"), true);
        _north.SetText(_node.Node.Tenant, Text("room.>", "workers"), true);
        _node.Remote.SetSources([_west], [_north]);
        Assert.Equal(("west", "north"), Match(fingerprint: 0));
        Assert.Equal(0, _route.Remote!.Groups.Length);
        _node.Remote.SetSources([_west, _north], []);
        Assert.Equal(("north west", ""), Match(fingerprint: 0));
        Assert.Equal(1, _route.Remote!.Groups.Length);

        // A group that others serve is not missed.
        _west.SetText(_node.Node.Tenant, Text("room.1.*", "workers"), true);
        _west.SetText(_node.Node.Tenant, Text("room.*.chat"), false);
        _north.SetText(_node.Node.Tenant, Text("room.>"), false);
        _node.Remote.SetSources([_west], [_north]);
        Assert.Equal(("", ""), Match(fingerprint: 0));
        Assert.Equal(1, _route.Remote!.Groups.Length);
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        _west.SetText(_node.Node.Tenant, Text("room.*.chat"), true);
        _north.SetText(_node.Node.Tenant, Text("room.>", "workers"), true);
        _node.Remote.SetSources([_west], [_north]);
        Ask(1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Ask(Matches);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
    }

    private static InterestText Text(string subject, string queue = "") => new("$G"u8, Encoding.ASCII.GetBytes(subject), Encoding.ASCII.GetBytes(queue));

    private static string Names(IReadOnlyList<InterestSource>? sources) => string.Join(' ', (sources ?? []).Select(source => source.Region).Order());

    private InterestSource Source(string region)
    {
        InterestSource source = new(region, 7, "e7");
        SourceTable table = new(StreamKind.Region, source, _node.Links);
        source.Add(table);
        table.Table.AddLiteral(Literal);
        return source;
    }

    private void Ask(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _route.Clear();
            _node.Remote.Match(_node.Node.Tenant, Subject, 0, Literal, _route);
        }
    }

    private (string Routed, string Lost) Match(ulong? fingerprint = null)
    {
        _route.Clear();
        _node.Remote.Match(_node.Node.Tenant, Subject, 0, fingerprint ?? Literal, _route);
        return (Names(_route.Remote?.Regions), Names(_route.Remote?.Lost));
    }
}

using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Control;
using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Bus.Tests.Health;

/// <summary>What nodes report on the bus, against what they are.</summary>
public sealed class ReportTests : IAsyncDisposable
{
    private readonly TestDeployment _deployment = new();

    public ValueTask DisposeAsync() => _deployment.DisposeAsync();

    [Fact]
    public async Task A_report_says_what_is_so()
    {
        TestNode node = await _deployment.StartAsync("e1", "east", health: Quick.Health);
        using TestClient reader = await node.SubscriberAsync("x");
        await reader.SubscribeAsync("y.*", "2");
        await reader.PublishAsync("x", "12345");
        await reader.MessageAsync();
        using Member member = await Member.ConnectAsync(node);

        NodeReport report = await member.ReportAsync("e1", report => report is { Clients: 2, InMessages: 1, Subscriptions: 4, ExportedToRegion: 5, IsReady: true });

        Assert.Equal(("east", "e1", node.Bus.Info.ServerId, NodeState.Serving), (report.Region, report.Node, report.Id, report.State));
        Assert.Equal((node.Address.ToString(), _deployment.PagesOf("e1").GetLeftPart(UriPartial.Authority)), (report.ClientAddress, report.MonitoringUrl));
        Assert.Equal(node.Bus.StartedAt, report.StartedAt);
        // The reader's two and the member's two; the node's own is in no count of clients', but others are told of it.
        Assert.Equal((2, 65536, 4), (report.Clients, report.MaxClients, report.Subscriptions));
        Assert.Equal((1, 5, 0), (report.InMessages, report.InBytes, report.SlowConsumers));
        Assert.True(report.OutMessages >= 1);
        Assert.True(report.BusRoundTripMilliseconds > 0 && report.LoopDelayMilliseconds >= 0);
        // x, y.*, reports and the node's commands; the member's inbox within the region only.
        Assert.Equal((5, 4, 0), (report.ExportedToRegion, report.ExportedToRemotes, report.RemoteEntries));
        Assert.Empty(report.Reasons);
        Assert.Empty(report.Links);
        Assert.Empty(report.Alarms);
        MemoryReport memory = report.Memory;
        Assert.Equal((node.Budget.LimitBytes, GovernorStep.Calm), (memory.LimitBytes, memory.Step));
        Assert.Equal(Enum.GetValues<MemoryUse>().Length, memory.Uses.Count);
        Assert.Equal(node.Budget.TotalOf(MemoryUse.Subscriptions), memory.Uses["subscriptions"]);
        Assert.InRange(memory.UsedBytes, memory.Uses["subscriptions"], node.Budget.Peak);
        Assert.InRange(memory.Headroom, 0.1, 1);
        Assert.True(memory.ResidentBytes > 0 && memory.ProcessLimitBytes > memory.ResidentBytes);
        reader.Dispose();
        member.Dispose();
        await _deployment.EndAsync();
    }

    [Fact]
    public async Task Reports_of_all_regions_come_to_a_client_of_any_node_with_their_links()
    {
        await _deployment.StartAsync("e1", "east", health: Quick.Health);
        await _deployment.StartAsync("e2", "east", peers: ["e1"], health: Quick.Health);
        TestNode west = await _deployment.StartAsync("w1", "west", remotes: [("east", "e1"), ("south", "127.0.0.1:1")], health: Quick.Health);
        using Member member = await Member.ConnectAsync(west);

        NodeReport one = await member.ReportAsync("w1", report => report.Links.Count(link => link.State == "up") == 2);
        LinkReport toEast = one.Links.Single(link => link is { Region: "east", Direction: "out" });
        Assert.Equal(("wan", "up", 0), (toEast.Kind, toEast.State, toEast.DroppedMessages));
        Assert.True(toEast.HeldBytes > 0);
        LinkReport wanted = one.Links.Single(link => link.State == "wanted");
        Assert.Equal(("127.0.0.1:1", "south", "wan", "out"), (wanted.Peer, wanted.Region, wanted.Kind, wanted.Direction));
        await member.ReportAsync("w1", report => report.Reasons is ["links are not up: region south"] && report.IsReady);

        foreach (string name in (string[])["e1", "e2"])
        {
            NodeReport report = await member.ReportAsync(name, report => report.Links.Any(link => link is { Kind: "lan", State: "up" }));
            Assert.Equal(report.Links.OrderByDescending(link => link.Kind == "wan").Select(link => link.Kind), report.Links.Select(link => link.Kind));
            Assert.Equal(name == "e1" ? "e2" : "e1", report.Links.Single(link => link.Kind == "lan").Peer);
            await member.ReportAsync(name, report => report.RemoteEntries > 0);
        }

        Assert.Equal(0, member.NotSealed);
        member.Dispose();
        await _deployment.EndAsync();
    }

    [Fact]
    public async Task Who_has_another_key_can_read_no_report()
    {
        TestNode node = await _deployment.StartAsync("e1", "east", configure: links => links with { Secret = [.. "the secret of them"u8] }, health: Quick.Health);
        using Member stranger = await Member.ConnectAsync(node, "another secret of 1");
        using Member member = await Member.ConnectAsync(node, "the secret of them");

        await stranger.NextAsync();
        await member.ReportAsync("e1");

        Assert.Equal((1, 0), (stranger.NotSealed, member.NotSealed));
        stranger.Dispose();
        member.Dispose();
        await _deployment.EndAsync();
    }

    [Fact]
    public async Task A_node_says_that_it_leaves_and_goes_on_to_report_until_all_are_gone()
    {
        Limits limits = new() { LameDuckGrace = TimeSpan.FromSeconds(4), LameDuckDuration = TimeSpan.FromMilliseconds(4100) };
        using TestNode node = TestNode.Start(limits, links: new() { Region = "east", Listen = new(System.Net.IPAddress.Loopback, 0) }, name: "e1", health: Quick.Health);
        using Member member = await Member.ConnectAsync(node);
        await member.ReportAsync("e1", report => report.IsReady);

        Task leaving = node.Bus.LameDuckAsync(TestContext.Current.CancellationToken);

        NodeReport report = await member.ReportAsync("e1", report => report.State == NodeState.Draining);
        Assert.False(report.IsReady);
        Assert.Equal(["the node is leaving"], report.Reasons);
        await member.ReportAsync("e1", later => later.Sequence >= report.Sequence + 3);
        await leaving.InTimeAsync();
        Assert.Empty(node.Bus.Connections.Own);
        member.Dispose();
        await node.EndAsync();
    }

    [Fact]
    public async Task A_drain_is_told_to_the_other_nodes_before_the_node_is_gone()
    {
        TestNode one = await _deployment.StartAsync("e1", "east", health: Quick.Health with { ReportInterval = TimeSpan.FromHours(1) });
        TestNode two = await _deployment.StartAsync("e2", "east", peers: ["e1"]);
        using Member member = await Member.ConnectAsync(two);
        await _deployment.LinksAsync("e1", 1);
        // What the other node wants is known: else the last word would go nowhere.
        await Eventually.TrueAsync(() => one.Bus.Mesh!.AskAsync(mesh => mesh.Interest.Sources.Any(source => source.IsRouted && source.Tables.Sum(table => table.Table.Texts) >= 2)).GetAwaiter().GetResult());

        await one.Bus.DrainAsync().InTimeAsync();

        // The first of its reports may have been in time for the link.
        NodeReport last = await member.ReportAsync("e1", report => report.State == NodeState.Draining);
        Assert.False(last.IsReady);
        member.Dispose();
        await _deployment.EndAsync();
    }

    [Fact]
    public async Task A_report_that_is_too_large_for_a_message_goes_without_its_lists_and_the_log_says_so_once()
    {
        Limits limits = new() { MaxPayloadBytes = 512 };
        using TestNode node = TestNode.Start(limits, links: new() { Region = "east", Listen = new(System.Net.IPAddress.Loopback, 0) }, name: "e1", health: Quick.Health);

        await Eventually.TrueAsync(() => node.Log.Has("over max-payload (512)"));

        Assert.Equal(1, node.Log.Count("reports can't be published"));
        await node.Bus.DrainAsync().InTimeAsync();
        await node.EndAsync();
    }
}

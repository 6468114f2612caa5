using System.Net;
using System.Text;
using Causeway.Bus.Tests.Support;
using Causeway.Shaper;
using Xunit;
using static Causeway.Bus.Tests.Regions.Layout;

namespace Causeway.Bus.Tests.Regions;

/// <summary>Who of a queue group gets a message as members come and go, and replies that come late or never.</summary>
public sealed class QueueAndReplyTests
{
    private const int Messages = 200;

    [Fact]
    public async Task Others_of_a_group_serve_when_the_local_member_leaves_each_message_once()
    {
        await using TestDeployment deployment = new();
        await RegionOfAsync(deployment, "a", 3);
        TestClient[] members = await Task.WhenAll(new[] { "a0", "a1", "a2" }.Select(name => deployment[name].SubscriberAsync("work", queue: "crew")));
        await Eventually.TrueAsync(() => Find(deployment, "a0", "work").Remote is { Groups: [var group] } && group.Nodes.Count == 2);
        TestClient publisher = await deployment["a0"].ConnectAsync();
        await PublishAsync(publisher);
        await members[0].ReadNumberedAsync(0, Messages);
        await members[0].SendAsync("UNSUB 1\r\n");
        await members[0].FlushAsync();
        Assert.Empty(members[0].TakeKept());

        await Task.WhenAll(members.Skip(1).Select(member => member.SubscribeAsync("done", "2")));
        await KnownAsync(deployment, "a0", "done", nodes: 2, regions: 0);
        await PublishAsync(publisher);
        Task<List<long>>[] reading = [NumbersAsync(members[1]), NumbersAsync(members[2])];
        List<long>[] got = await Task.WhenAll(reading).InTimeAsync();
        Assert.All(got, Assert.NotEmpty);
        Assert.Equal(Enumerable.Range(0, Messages).Select(number => (long)number), got.SelectMany(numbers => numbers).Order());
        await deployment.EndAsync();
    }

    [Fact]
    public async Task The_region_with_the_shortest_round_trip_serves_a_group()
    {
        await using TestDeployment deployment = new();
        List<LinkShaper> ways = [];
        foreach ((string region, int milliseconds) in new[] { ("b", 300), ("c", 5) })
        {
            IPEndPoint address = new(IPAddress.Loopback, FreePorts.Take());
            LinkShaper way = LinkShaper.Start(address, new LinkConditions { Latency = TimeSpan.FromMilliseconds(milliseconds) });
            ways.Add(way);
            await deployment.StartAsync($"{region}0", region, configure: links => links with { Listen = address, Advertise = way.Address.ToString() });
        }

        await deployment.StartAsync("a0", "a", remotes: [("b", ways[0].Address.ToString()), ("c", ways[1].Address.ToString())]);
        await LinkedAsync(deployment, "a0", "b", "c");
        TestClient far = await deployment["b0"].SubscriberAsync("work", queue: "crew");
        TestClient nearer = await deployment["c0"].SubscriberAsync("work", queue: "crew");
        await Eventually.TrueAsync(() => Find(deployment, "a0", "work").Remote is { Groups: [var group] } && group.Regions.Count == 2);
        await Eventually.TrueAsync(() => Region(deployment, "a0", "b")!.RoundTripMilliseconds is > 300 and < double.MaxValue
            && Region(deployment, "a0", "c")!.RoundTripMilliseconds < Region(deployment, "a0", "b")!.RoundTripMilliseconds);
        TestClient publisher = await deployment["a0"].ConnectAsync();
        await PublishAsync(publisher);
        await nearer.ReadNumberedAsync(0, Messages);
        await nearer.SendAsync("UNSUB 1\r\n");
        await Eventually.TrueAsync(() => Find(deployment, "a0", "work").Remote is { Groups: [var group] } && group.Regions.Count == 1);
        await PublishAsync(publisher);
        await far.ReadNumberedAsync(0, Messages);
        foreach (TestClient member in new[] { far, nearer })
        {
            await member.FlushAsync();
            Assert.Empty(member.TakeKept());
        }

        await deployment.EndAsync();
        foreach (LinkShaper way in ways)
        {
            await way.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_reply_that_comes_late_finds_its_requester_though_links_have_changed()
    {
        await using TestDeployment deployment = new();
        await TwoRegionsAsync(deployment);
        string owner = Region(deployment, "a0", "b")!.CarrierName;
        string heir = owner == "a0" ? "a1" : "a0";
        TestClient service = await deployment["b0"].SubscriberAsync("service");
        await KnownAsync(deployment, heir, "service", nodes: 0, regions: 1);
        TestClient requester = await deployment[heir].ConnectAsync();
        await requester.SendAsync("SUB _INBOX.late.* 9\r\nPUB service _INBOX.late.1 4\r\nwhat\r\n");
        Frame request = await service.MessageAsync();
        await deployment.StopAsync(owner);
        await LinkedAsync(deployment, heir, "b");
        await Eventually.TrueAsync(() => Region(deployment, "b0", "a") is { IsKnown: true, IsReachable: true, Link: { } link } && link.Peer.Name == heir);
        await service.PublishAsync(request.Reply, "that");
        Frame answer = await requester.NextAsync();
        while (answer.Kind == FrameKind.Info)
        {
            answer = await requester.NextAsync();
        }

        Assert.Equal(("_INBOX.late.1", "that"), (answer.Subject, answer.PayloadText));
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_requester_is_told_once_the_last_responder_of_any_region_has_left()
    {
        await using TestDeployment deployment = new();
        await TwoRegionsAsync(deployment);
        TestClient service = await deployment["b0"].SubscriberAsync("service");
        await KnownAsync(deployment, "a0", "service", nodes: 0, regions: 1);
        TestClient requester = await deployment["a0"].ConnectAsync(ClientSettings.Default with { NoResponders = true });
        await requester.SendAsync("SUB _INBOX.x.* 1\r\nPUB service _INBOX.x.1 0\r\n\r\n");
        await service.PublishAsync((await service.MessageAsync()).Reply, "here");
        Assert.Equal("here", (await requester.MessageAsync()).PayloadText);
        await service.SendAsync("UNSUB 1\r\n");
        await KnownAsync(deployment, "a0", "service", nodes: 0, regions: 0);
        await requester.SendAsync("PUB service _INBOX.x.2 0\r\n\r\n");
        Frame told = await requester.MessageAsync();
        Assert.Equal("_INBOX.x.2", told.Subject);
        Assert.Contains("503", Encoding.UTF8.GetString(told.Headers), StringComparison.Ordinal);
        await deployment.EndAsync();
    }

    private static async Task PublishAsync(TestClient publisher)
    {
        Wire wire = new();
        for (int number = 0; number < Messages; number++)
        {
            wire.AddNumbered("work", 1, number);
        }

        await publisher.SendAsync(wire.AddPub("done", []).Bytes);
        await publisher.FlushAsync();
    }

    /// <summary>What a member gets up to the word that no more will come.</summary>
    private static async Task<List<long>> NumbersAsync(TestClient member)
    {
        List<long> numbers = [];
        for (Frame frame = await member.MessageAsync(); frame.Subject != "done"; frame = await member.MessageAsync())
        {
            numbers.Add(Numbered.Read(frame.Payload).Number);
        }

        return numbers;
    }
}

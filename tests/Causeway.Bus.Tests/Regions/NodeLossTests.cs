using System.Net;
using Causeway.Bus.Tests.Support;
using Causeway.Shaper;
using Xunit;
using static Causeway.Bus.Tests.Regions.Layout;

namespace Causeway.Bus.Tests.Regions;

/// <summary>Nodes that die or leave under load: those that stay lose nothing, and who comes back takes part again.</summary>
public sealed class NodeLossTests
{
    [Fact]
    public async Task Subscribers_of_other_nodes_lose_nothing_when_one_dies_and_it_comes_back_at_its_address()
    {
        await using TestDeployment deployment = new();
        await RegionOfAsync(deployment, "a", 3);
        using RegionLoad load = await RegionLoad.StartAsync(deployment, ["a0", "a1"], ["a0", "a1", "a2"], async () =>
        {
            await KnownAsync(deployment, "a0", "load.0", nodes: 2, regions: 0);
            await KnownAsync(deployment, "a1", "load.0", nodes: 2, regions: 0);
        });
        await load.GoOnAsync(2000);
        IPEndPoint address = deployment["a2"].Bus.LinkAddress!;
        ulong before = await deployment["a2"].Bus.Mesh!.AskAsync(mesh => mesh.Self.Id);
        load.Excuse("a2");
        await deployment.StopAsync("a2");
        await load.GoOnAsync(2000);

        await deployment.StartAsync("a2", "a", peers: ["a0"], configure: links => links with { Listen = address });
        Assert.NotEqual(before, await deployment["a2"].Bus.Mesh!.AskAsync(mesh => mesh.Self.Id));
        foreach (string name in new[] { "a0", "a1", "a2" })
        {
            await deployment.LinksAsync(name, 2);
        }

        TestClient back = await deployment["a2"].SubscriberAsync("back");
        TestClient there = await deployment["a1"].SubscriberAsync("there");
        await KnownAsync(deployment, "a0", "back", nodes: 1, regions: 0);
        await KnownAsync(deployment, "a1", "back", nodes: 1, regions: 0);
        await KnownAsync(deployment, "a2", "there", nodes: 1, regions: 0);
        foreach (string name in new[] { "a0", "a1" })
        {
            await (await deployment[name].ConnectAsync()).PublishAsync("back", name);
            Assert.Equal(name, (await back.MessageAsync()).PayloadText);
        }

        await back.PublishAsync("there", "from the one that came back");
        Assert.Equal("from the one that came back", (await there.MessageAsync()).PayloadText);
        await load.EndAsync();
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_node_that_drains_under_load_loses_nothing_that_it_accepted()
    {
        for (int round = 0; round < 3; round++)
        {
            await using TestDeployment deployment = new();
            await RegionOfAsync(deployment, "a", 3);
            using RegionLoad load = await RegionLoad.StartAsync(deployment, ["a0", "a1"], ["a0", "a1", "a2"], async () =>
            {
                await KnownAsync(deployment, "a0", "load.0", nodes: 2, regions: 0);
                await KnownAsync(deployment, "a1", "load.0", nodes: 2, regions: 0);
            });
            await load.GoOnAsync(2000);
            load.Excuse("a1");
            await deployment["a1"].Bus.DrainAsync().InTimeAsync();
            await deployment.StopAsync("a1");
            await load.GoOnAsync(500);
            await load.EndAsync();
            await deployment.EndAsync();
        }
    }

    [Fact]
    public async Task What_waits_for_other_nodes_and_regions_when_a_node_drains_arrives()
    {
        const int count = 300;
        const int size = 3000;
        await using TestDeployment deployment = new();
        await TwoRegionsAsync(deployment);
        TestClient near = await deployment["a0"].SubscriberAsync("burst.*");
        TestClient far = await deployment["b0"].SubscriberAsync("burst.*");
        await KnownAsync(deployment, "a1", "burst.1", nodes: 1, regions: 1);
        TestClient publisher = await deployment["a1"].ConnectAsync();
        Wire wire = new();
        for (int number = 0; number < count; number++)
        {
            wire.AddNumbered("burst.1", 1, number, size);
        }

        await publisher.SendAsync(wire.Bytes);
        await publisher.FlushAsync();
        publisher.Dispose();
        await deployment["a1"].Bus.DrainAsync().InTimeAsync();
        await deployment.StopAsync("a1");
        foreach (TestClient client in new[] { near, far })
        {
            for (long number = 0; number < count; number++)
            {
                Frame frame = await client.NextAsync();
                while (frame.Kind == FrameKind.Info)
                {
                    frame = await client.NextAsync();
                }

                Assert.Equal((FrameKind.Message, (1, number)), (frame.Kind, Numbered.Read(frame.Payload)));
            }
        }

        await deployment.EndAsync();
    }

    [Fact]
    public async Task What_the_owner_of_a_region_accepted_before_it_left_reaches_the_region()
    {
        await using TestDeployment deployment = new();
        await TwoRegionsAsync(deployment);
        string owner = Region(deployment, "a0", "b")!.CarrierName;
        string heir = owner == "a0" ? "a1" : "a0";
        using RegionLoad load = await RegionLoad.StartAsync(deployment, [owner], ["b0"], async () =>
        {
            await KnownAsync(deployment, "a0", "load.0", nodes: 0, regions: 1);
            await KnownAsync(deployment, "a1", "load.0", nodes: 0, regions: 1);
        });
        await load.GoOnAsync(2000);
        await deployment[owner].Bus.DrainAsync().InTimeAsync();
        await deployment.StopAsync(owner);
        await Eventually.TrueAsync(() => Region(deployment, heir, "b") is { IsOwnWan: true, IsReachable: true });
        await load.EndAsync();
        await deployment.EndAsync();
    }

    [Fact]
    public async Task What_waits_for_a_slow_link_when_a_node_drains_arrives()
    {
        const int count = 300;
        const int size = 3000;
        await using ShapedRegions regions = await ShapedRegions.StartAsync(TestDeployment.Patient, new LinkConditions { Latency = TimeSpan.FromMilliseconds(20), BytesPerSecond = 400_000 });
        TestClient far = await regions.B.SubscriberAsync("burst");
        await regions.KnownAsync(1);
        TestClient publisher = await regions.A.ConnectAsync();
        Wire wire = new();
        for (int number = 0; number < count; number++)
        {
            wire.AddNumbered("burst", 1, number, size);
        }

        await publisher.SendAsync(wire.Bytes);
        await publisher.FlushAsync();

        // Nobody is waited for but the link.
        publisher.Dispose();
        await regions.A.Bus.DrainAsync().InTimeAsync();
        await regions.Deployment.StopAsync("a0");
        await far.ReadNumberedAsync(0, count);
        await regions.EndAsync();
    }
}

using System.Text;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Links;
using Causeway.Core.Regions;
using Xunit;
using static Causeway.Bus.Tests.Regions.Layout;

namespace Causeway.Bus.Tests.Regions;

/// <summary>Messages between nodes of a region and between regions, over real sockets.</summary>
public sealed class RegionDeliveryTests
{
    [Fact]
    public async Task Every_node_reaches_every_other_and_a_new_one_needs_one_seed()
    {
        await using TestDeployment deployment = new();
        await RegionOfAsync(deployment, "a", 3);
        string[] names = ["a0", "a1", "a2"];
        TestClient[] subscribers = await Task.WhenAll(names.Select(name => deployment[name].SubscriberAsync("room.*.chat")));
        foreach (string name in names)
        {
            await KnownAsync(deployment, name, "room.7.chat", nodes: 2, regions: 0);
            TestClient publisher = await deployment[name].ConnectAsync();
            await publisher.PublishAsync("room.7.chat", $"from {name}");
            foreach (TestClient subscriber in subscribers)
            {
                Assert.Equal($"from {name}", (await subscriber.MessageAsync()).PayloadText);
            }
        }

        await deployment.StartAsync("a3", "a", peers: ["a1"]);
        await deployment.LinksAsync("a3", 3);
        await KnownAsync(deployment, "a3", "room.7.chat", nodes: 3, regions: 0);

        // The newcomer changes INFO, which all clients are told; behind a PONG nothing of it is on its way.
        await Task.WhenAll(subscribers.Select(subscriber => subscriber.FlushAsync()));
        Assert.All(subscribers, subscriber => Assert.All(subscriber.TakeKept(), frame => Assert.Equal(FrameKind.Info, frame.Kind)));
        TestClient late = await deployment["a3"].ConnectAsync();
        await late.PublishAsync("room.7.chat", "late");
        Assert.All(await Task.WhenAll(subscribers.Select(subscriber => subscriber.MessageAsync())), message => Assert.Equal("late", message.PayloadText));
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Clients_are_told_of_all_members_and_of_those_that_go()
    {
        await using TestDeployment deployment = new();
        await RegionOfAsync(deployment, "a", 2);
        string second = deployment["a1"].Address.ToString();
        await Eventually.TrueAsync(() => deployment["a0"].Bus.Info.ConnectUrls.Contains(second));
        TestClient client = await deployment["a0"].ConnectAsync();
        Assert.Contains(second, client.Info, StringComparison.Ordinal);
        await client.FlushAsync();
        await deployment.StopAsync("a1");
        Frame info = await client.NextAsync();
        Assert.Equal(FrameKind.Info, info.Kind);
        Assert.DoesNotContain(second, info.Text, StringComparison.Ordinal);
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Clients_of_a_node_that_leaves_are_told_of_the_others()
    {
        await using TestDeployment deployment = new();
        await RegionOfAsync(deployment, "a", 2);
        string first = deployment["a0"].Address.ToString();
        string second = deployment["a1"].Address.ToString();
        await Eventually.TrueAsync(() => deployment["a0"].Bus.Info.ConnectUrls.Contains(second));
        TestClient client = await deployment["a0"].ConnectAsync();
        await client.FlushAsync();
        using CancellationTokenSource enough = new();
        Task leaving = deployment["a0"].Bus.LameDuckAsync(enough.Token);
        Frame info = await client.NextAsync();
        Assert.Contains("\"ldm\":true", info.Text, StringComparison.Ordinal);
        Assert.Contains($"\"connect_urls\":[\"{second}\"]", info.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(first, info.Text[info.Text.IndexOf("connect_urls", StringComparison.Ordinal)..], StringComparison.Ordinal);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        await deployment.EndAsync();
    }

    [Fact]
    public async Task One_member_of_a_queue_group_gets_a_message_a_local_one_if_there_is_one()
    {
        await using TestDeployment deployment = new();
        await TwoRegionsAsync(deployment);
        TestClient far = await deployment["b0"].SubscriberAsync("work", queue: "crew");
        await KnownAsync(deployment, "a0", "work", nodes: 0, regions: 0, groups: 1);
        TestClient publisher = await deployment["a0"].ConnectAsync();
        await publisher.PublishAsync("work", "to the other region");
        Assert.Equal("to the other region", (await far.MessageAsync()).PayloadText);

        TestClient neighbour = await deployment["a1"].SubscriberAsync("work", queue: "crew");
        await Eventually.TrueAsync(() => Find(deployment, "a0", "work").Remote!.Groups[0].Nodes.Count == 1);
        await publisher.PublishAsync("work", "to the neighbour");
        Assert.Equal("to the neighbour", (await neighbour.MessageAsync()).PayloadText);

        TestClient local = await deployment["a0"].SubscriberAsync("work", queue: "crew");
        await local.FlushAsync();
        for (int i = 0; i < 20; i++)
        {
            await publisher.PublishAsync("work", $"{i}");
            Assert.Equal($"{i}", (await local.MessageAsync()).PayloadText);
        }

        await far.FlushAsync();
        await neighbour.FlushAsync();
        Assert.Empty(far.TakeKept());
        Assert.Empty(neighbour.TakeKept());
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_message_crosses_regions_once_and_replies_find_their_way_without_interest()
    {
        await using TestDeployment deployment = new();
        await TwoRegionsAsync(deployment);
        await deployment.StartAsync("c0", "c", remotes: [("a", "a0")]);
        await LinkedAsync(deployment, "c0", "a", "b");
        TestClient[] services = await Task.WhenAll(new[] { "b0", "c0" }.Select(name => deployment[name].SubscriberAsync("service")));
        foreach (string name in new[] { "a0", "a1" })
        {
            await KnownAsync(deployment, name, "service", nodes: 0, regions: 2);
            TestClient requester = await deployment[name].ConnectAsync();

            // The request is behind the subscription at once: no interest in the inbox can be anywhere.
            await requester.SendAsync($"SUB _INBOX.{name}.* 9\r\nPUB service _INBOX.{name}.1 4\r\nwhat\r\n");
            foreach (TestClient service in services)
            {
                Frame request = await service.MessageAsync();
                Assert.Equal("what", request.PayloadText);
                await service.PublishAsync(request.Reply, "that");
            }

            for (int i = 0; i < services.Length; i++)
            {
                Frame answer = await requester.MessageAsync();
                Assert.Equal(($"_INBOX.{name}.1", "that"), (answer.Subject, answer.PayloadText));
            }

            await requester.FlushAsync();
            Assert.Empty(requester.TakeKept());
        }

        Assert.All(services, service => Assert.Empty(service.TakeKept()));
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Inboxes_are_never_told_to_another_region()
    {
        const int clients = 50;
        const int inboxes = 20;
        await using TestDeployment deployment = new();
        await TwoRegionsAsync(deployment);
        for (int i = 0; i < clients; i++)
        {
            TestClient client = await deployment["a0"].ConnectAsync();
            StringBuilder text = new();
            for (int k = 0; k < inboxes; k++)
            {
                text.Append(null, $"SUB _INBOX.{i}.{k} {k}\r\n");
            }

            text.Append(null, $"SUB service.{i % 10} handlers s\r\n");
            await client.SendAsync(text.ToString());
            await client.FlushAsync();
        }

        await Eventually.TrueAsync(() => Region(deployment, "b0", "a") is { } source && source.Tables.Sum(table => table.Table.Literals + table.Table.Texts) == 10);
        int subscriptions = deployment["a0"].Bus.Context.DefaultTenant.Subscriptions.Count;
        NodeInterest own = deployment["a0"].Bus.Mesh!.Context.Own;
        Assert.Equal(clients * (inboxes + 1), subscriptions);
        Assert.True(own.Region.Literals + own.Region.Texts <= subscriptions / 10, $"{own.Region.Literals + own.Region.Texts} entries for {subscriptions} subscriptions");
        Assert.Equal(clients * inboxes, own.Inboxes.Literals);
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Nobody_anywhere_is_answered_at_once()
    {
        await using TestDeployment deployment = new();
        await TwoRegionsAsync(deployment);
        TestClient requester = await deployment["a0"].ConnectAsync(ClientSettings.Default with { NoResponders = true });
        await requester.SendAsync("SUB _INBOX.x 1\r\nPUB nobody _INBOX.x 0\r\n\r\n");
        Assert.Contains("503", Encoding.UTF8.GetString((await requester.MessageAsync()).Headers), StringComparison.Ordinal);
        await deployment.EndAsync();
    }

    [Fact]
    public async Task The_next_owner_goes_on_with_what_the_dead_one_had_told()
    {
        const int literals = 20_000;
        await using TestDeployment deployment = new();
        await TwoRegionsAsync(deployment);
        TestClient holder = await deployment["b0"].ConnectAsync();
        for (int i = 0; i < literals; i += 1000)
        {
            await holder.SendAsync(string.Concat(Enumerable.Range(i, 1000).Select(number => $"SUB held.{number} {number}\r\n")));
            await holder.FlushAsync();
        }

        string[] names = ["a0", "a1"];
        foreach (string name in names)
        {
            await Eventually.TrueAsync(() => Region(deployment, name, "b") is { IsKnown: true } source && source.Tables.Sum(table => table.Table.Literals) == literals);
        }

        string owner = Region(deployment, "a0", "b")!.CarrierName;
        string heir = names.First(name => name != owner);
        await deployment.StopAsync(owner);
        await Eventually.TrueAsync(() => Region(deployment, heir, "b") is { IsOwnWan: true, IsReachable: true });
        TestClient publisher = await deployment[heir].ConnectAsync();
        await publisher.PublishAsync("held.7", "from the heir");
        Assert.Equal("from the heir", (await holder.MessageAsync()).PayloadText);

        // A full listing is 64,000 bytes.
        await Eventually.TrueAsync(() => Told(deployment, "b0", heir)?.Exports.Any(export => export.Kind == StreamKind.OwnRegion && export.Sender.IsConverged) == true);
        Assert.All(Told(deployment, "b0", heir)!.Exports, export => Assert.InRange(export.Sender.Counters.Bytes, 0, 8_000));
        await deployment.EndAsync();
    }

    private static LinkSession? Told(TestDeployment deployment, string name, string by) => deployment[name].Bus.Mesh!
        .AskAsync(mesh => mesh.Links.FirstOrDefault(link => link is { IsWan: true, IsOutgoing: false } && link.Peer.Name == by)?.Session).GetAwaiter().GetResult();
}

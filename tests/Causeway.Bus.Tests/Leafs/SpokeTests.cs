using System.Net;
using Causeway.Bus.Leafs;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Access;
using Causeway.Core.Leafs;
using Xunit;
using static Causeway.Bus.Tests.Leafs.LeafHarness;

namespace Causeway.Bus.Tests.Leafs;

/// <summary>A node as a leaf of nats-server.</summary>
public sealed class SpokeTests
{
    private const string System = "accounts { SYS { users: [ {user: s, password: s} ] } }, system_account: SYS";

    [Fact]
    public async Task Messages_with_headers_requests_and_queue_groups_cross_from_every_side()
    {
        using NatsServer hub = await NatsServer.HubAsync();
        TestNode node = Start(Spoke(hub.LeafAddress));
        await node.InStepAsync();
        await Crossing.EveryKindAsync(node.Address, hub.Address);
        await hub.KillAsync();
        await node.EndAsync(countsFiles: false);
    }

    [Fact]
    public async Task A_super_cluster_behind_the_hub_is_reached_and_answers()
    {
        IPEndPoint gateway = new(IPAddress.Loopback, FreePorts.Take());
        IPEndPoint other = new(IPAddress.Loopback, FreePorts.Take());
        using NatsServer near = await NatsServer.HubAsync($"server_name: near, {System}, gateway {{ name: near, listen: \"{gateway}\", gateways: [ {{ name: far, url: \"nats://{other}\" }} ] }}");
        using NatsServer far = await NatsServer.HubAsync($"server_name: far, {System}, gateway {{ name: far, listen: \"{other}\", gateways: [ {{ name: near, url: \"nats://{gateway}\" }} ] }}");
        await Eventually.TrueAsync(() => near.Log.Contains("Outbound gateway connection", StringComparison.Ordinal) && far.Log.Contains("Outbound gateway connection", StringComparison.Ordinal), Eventually.Deadline, () => near.Log + far.Log);
        TestNode node = Start(Spoke(near.LeafAddress));
        await node.InStepAsync();
        await Crossing.MessagesAsync(far.Address, node.Address);
        await Crossing.RequestsAsync(far.Address, node.Address);
        await far.KillAsync();
        await near.KillAsync();
        await node.EndAsync(countsFiles: false);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_the_right_one_is_not_and_tenants_stay_apart()
    {
        using NatsServer hub = await NatsServer.HubAsync(
            """authorization { timeout: 30 }, accounts { A { users: [ {user: a, password: pa} ] }, B { users: [ {user: b, password: pb} ] } }""");
        TestNode wrong = Start(Spoke(hub.LeafAddress, new LeafLogin("a", "no", "")));
        await Eventually.TrueAsync(() => wrong.Log.Has("Authorization Violation"));
        long dials = wrong.AskLeafs(leafs => leafs.Hubs[0].Hold.Failures);
        Assert.InRange(dials, 1, 50);
        await wrong.EndAsync(countsFiles: false);

        TestNode node = Start(Both(hub.LeafAddress), access: Tenants());
        await node.InStepAsync(2);
        using TestClient ours = await TestClient.ConnectAsync(node.Address, ClientSettings.Default with { User = "x", Password = "px" });
        using TestClient others = await TestClient.ConnectAsync(node.Address, ClientSettings.Default with { User = "y", Password = "py" });
        await ours.SubscribeAsync("apart");
        await others.SubscribeAsync("apart");
        using TestClient publisher = await TestClient.ConnectAsync(hub.Address, ClientSettings.Default with { User = "a", Password = "pa" });
        await ReachAsync(publisher, ours, "apart");
        await others.FlushAsync();
        Assert.DoesNotContain(others.TakeKept(), frame => frame.Kind == FrameKind.Message);
        ours.Dispose();
        others.Dispose();
        await hub.KillAsync();
        await node.EndAsync(countsFiles: false);
    }

    [Fact]
    public async Task A_hub_that_dies_is_dialled_again_and_what_changed_meanwhile_is_told()
    {
        using NatsServer hub = await NatsServer.HubAsync();
        TestNode node = Start(Spoke(hub.LeafAddress));
        await node.InStepAsync();
        TestClient before = await node.SubscriberAsync("before");
        await hub.KillAsync();
        await node.InStepAsync(0);
        TestClient meanwhile = await node.SubscriberAsync("meanwhile");
        await hub.StartAsync();
        await node.InStepAsync();
        using TestClient publisher = await ConnectAsync(hub.Address);
        await ReachAsync(publisher, before, "before");
        await ReachAsync(publisher, meanwhile, "meanwhile");
        await hub.KillAsync();
        await node.EndAsync(countsFiles: false);
    }

    private static AccessSettings Tenants() => new()
    {
        Users =
        [
            new User { Name = "x", Tenant = "X", Secret = new PlainSecret("px") },
            new User { Name = "y", Tenant = "Y", Secret = new PlainSecret("py") },
        ],
    };

    private static LeafOptions Both(IPEndPoint hub) => Spoke(hub) with
    {
        Remotes = [.. Spoke(hub, new LeafLogin("a", "pa", ""), tenant: "X").Remotes, .. Spoke(hub, new LeafLogin("b", "pb", ""), tenant: "Y").Remotes],
    };
}

using System.Net;
using System.Text.Json;
using Causeway.Bus.Tests.Support;
using Xunit;
using static Causeway.Bus.Tests.Leafs.LeafHarness;

namespace Causeway.Bus.Tests.Leafs;

/// <summary>docs/migrate-from-nats.md, step by step: a cluster of two nats-servers is moved while callers call all the time.</summary>
public sealed class MigrationTests
{
    // A step may hold several times that a server is missed or a call repeated, each of which has its own time, on a machine with much else to do.
    private static readonly TimeSpan StepDeadline = 4 * Eventually.Deadline;

    [Fact]
    public async Task A_cluster_of_two_nats_servers_is_moved_and_moved_back_without_a_lost_request()
    {
        // Before: two nats-servers with a port for leafs (step 1), two instances of a service, two callers.
        using NatsServer old1 = await NatsServer.StartAsync(server => Cluster(server, []));
        using NatsServer old2 = await NatsServer.StartAsync(server => Cluster(server, [old1]));
        await Eventually.TrueAsync(() => old2.Log.Contains("Route connection created", StringComparison.Ordinal), Eventually.Deadline, () => old2.Log);
        Service[] services = [await Service.StartAsync(old1.Address), await Service.StartAsync(old2.Address)];
        await using Caller first = await Caller.StartAsync(old1.Address);
        await using Caller second = await Caller.StartAsync(old2.Address);
        await WorkAsync(first, second);

        // Step 2: two nodes beside it, one of which holds the leaf connection.
        await using TestDeployment deployment = new();
        await deployment.StartAsync("c1", "main", configureNode: options => options with { Leafs = Spoke(old1.LeafAddress) });
        await deployment.StartAsync("c2", "main", peers: ["c1"], configureNode: options => options with { Leafs = Spoke(old1.LeafAddress) });
        await deployment.LinksAsync("c1", 1);
        string[] nodes = ["c1", "c2"];
        await HeldOnceAsync(deployment, nodes);
        await ShownAsync(deployment);
        await WorkAsync(first, second);

        // Step 3: services, one instance at a time; the other way back and there again.
        IPEndPoint[] places = [deployment["c1"].Address, deployment["c2"].Address];
        services[0] = await services[0].MoveAsync(places[0], old1.Address, old2.Address);
        await WorkAsync(first, second);
        services[1] = await services[1].MoveAsync(places[1], old1.Address, old2.Address);
        await WorkAsync(first, second);
        services[0] = await services[0].MoveAsync(old2.Address, old1.Address);
        await WorkAsync(first, second);
        services[0] = await services[0].MoveAsync(places[0], old1.Address, old2.Address);
        await WorkAsync(first, second);

        // Step 4: callers.
        await first.MoveAsync(places[1]);
        await WorkAsync(first, second);
        await second.MoveAsync(places[0]);
        await WorkAsync(first, second);

        // Step 5: the old servers go, one after the other; who stays behind is sent away.
        using TestClient straggler = await SubscriberAsync(old1.Address, "late");
        old1.Signal("USR2");
        await Eventually.TrueAsync(() => IsToldToGo(straggler), Eventually.Deadline, () => old1.Log);
        await old1.KillAsync();
        await WorkAsync(first, second);
        await HeldOnceAsync(deployment, nodes);
        await old2.KillAsync();
        await WorkAsync(first, second);

        // At most one call can be on its way to an instance at the moment that it unsubscribes, for each of four moves.
        Assert.Equal((0, 0), (first.Lost, second.Lost));
        Assert.InRange(first.Repeated + second.Repeated, 0, 8);
        Assert.True(first.Answered > 200 && second.Answered > 200);
        foreach (Service service in services)
        {
            await service.DisposeAsync();
        }

        await first.DisposeAsync();
        await second.DisposeAsync();
        await deployment.EndAsync();
    }

    /// <summary>One of the nodes holds the leaf connection, and it is in step.</summary>
    private static Task HeldOnceAsync(TestDeployment deployment, string[] nodes) => Eventually.TrueAsync(
        () => nodes.Sum(name => deployment[name].AskLeafs(leafs => leafs.Table.Sessions.Count(session => session.IsInStep))) == 1,
        StepDeadline,
        () => string.Join('\n', nodes.SelectMany(name => deployment[name].Log.Lines)));

    private static string Cluster(NatsServer server, NatsServer[] others) =>
        $"leafnodes {{ host: 127.0.0.1, port: {server.LeafAddress.Port} }}\n"
        + $"cluster {{ name: old, host: 127.0.0.1, port: {server.ClusterAddress.Port}, routes: [ {string.Join(", ", others.Select(other => $"\"nats://{other.ClusterAddress}\""))} ] }}";

    /// <summary>What the guide says to look for.</summary>
    private static async Task ShownAsync(TestDeployment deployment)
    {
        JsonElement one = await deployment.EventuallyAsync("c1", "/leafz?subs=1", IsSettled);
        JsonElement two = await deployment.EventuallyAsync("c2", "/leafz", IsSettled);
        Assert.Equal(1, one.GetProperty("leafnodes").GetInt32() + two.GetProperty("leafnodes").GetInt32());
        JsonElement holder = one.GetProperty("leafnodes").GetInt32() == 1 ? one : two;
        Assert.True(holder.GetProperty("leafs")[0].GetProperty("is_spoke").GetBoolean());
        Assert.True(holder.GetProperty("leafs")[0].GetProperty("causeway").GetProperty("in_step").GetBoolean());
        string[] states = [.. new[] { one, two }.Select(page => page.GetProperty("causeway").GetProperty("hubs")[0].GetProperty("state").GetString()!)];
        Assert.Equal(["standby", "up"], states.Order(StringComparer.Ordinal));
        Assert.Contains("causeway_leafs", await deployment.TextAsync("c1", "/metrics"), StringComparison.Ordinal);
    }

    private static bool IsSettled(JsonElement page) => page.GetProperty("causeway").GetProperty("hubs")[0].GetProperty("state").GetString() is "up" or "standby";

    private static bool IsToldToGo(TestClient client)
    {
        client.FlushAsync().GetAwaiter().GetResult();
        return client.TakeKept().Exists(frame => frame.Kind == FrameKind.Info && frame.Text.Contains("\"ldm\":true", StringComparison.Ordinal));
    }

    /// <summary>Both callers have so many more answers.</summary>
    private static async Task WorkAsync(Caller first, Caller second)
    {
        (long, long) before = (first.Answered, second.Answered);
        await Eventually.TrueAsync(
            () => first.Answered >= before.Item1 + 20 && second.Answered >= before.Item2 + 20,
            StepDeadline,
            () => $"answered {first.Answered} {second.Answered}, lost {first.Lost} {second.Lost}, repeated {first.Repeated} {second.Repeated}");
    }
}

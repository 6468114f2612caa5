using Causeway.Bus.Leafs;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Leafs;
using Xunit;
using static Causeway.Bus.Tests.Leafs.LeafHarness;

namespace Causeway.Bus.Tests.Leafs;

/// <summary>Connections that lead messages round in a circle are found and ended, and tried again only after a pause.</summary>
public sealed class LoopTests
{
    [Fact]
    public async Task A_leaf_that_is_also_the_hub_is_found_and_no_message_goes_round()
    {
        // nats-server dials the node, and the node dials nats-server.
        int port = FreePorts.Take();
        TestNode node = Start(Spoke(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port)) with { Listen = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0) });
        using NatsServer server = await NatsServer.StartAsync(_ =>
            $"leafnodes {{ host: 127.0.0.1, port: {port}, reconnect: 1, remotes: [ {{ url: \"nats-leaf://{node.Bus.LeafAddress}\" }} ] }}");
        await Eventually.TrueAsync(
            () => node.AskLeafs(leafs => leafs.Table.Loops) > 0 || server.Log.Contains("Loop detected", StringComparison.Ordinal),
            Eventually.Deadline,
            () => server.Log);

        // Whichever connection is there at the moment, a message arrives once. Between two there may be none: then it is another that arrives.
        TestClient subscriber = await node.SubscriberAsync("round.*");
        using TestClient publisher = await ConnectAsync(server.Address);
        List<string> heard = [];
        int number = 0;
        await Eventually.TrueAsync(() =>
        {
            publisher.PublishAsync("round.y", $"{number++}").GetAwaiter().GetResult();
            publisher.FlushAsync().GetAwaiter().GetResult();
            subscriber.FlushAsync().GetAwaiter().GetResult();
            heard.AddRange(subscriber.TakeKept().Where(frame => frame.Kind == FrameKind.Message).Select(frame => frame.PayloadText));
            return heard.Count >= 20;
        });
        Assert.Equal(heard.Distinct(), heard);
        await server.KillAsync();
        await node.EndAsync(countsFiles: false);
    }

    [Fact]
    public async Task Two_nodes_that_are_leafs_of_each_other_find_the_loop_and_keep_one_connection()
    {
        LeafLimits limits = Quick with { LoopPause = TimeSpan.FromSeconds(20) };
        int port = FreePorts.Take();
        LeafOptions one = Spoke(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port), limits: limits) with { Listen = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0) };
        TestNode first = Start(one);
        TestNode second = Start(Spoke(first.Bus.LeafAddress!, limits: limits) with { Listen = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port) });
        await Eventually.TrueAsync(() => first.AskLeafs(leafs => leafs.Table.Loops) + second.AskLeafs(leafs => leafs.Table.Loops) > 0);
        await Eventually.TrueAsync(() => first.AskLeafs(leafs => leafs.Table.Sessions.Count) + second.AskLeafs(leafs => leafs.Table.Sessions.Count) <= 2);
        first.Dispose();
        second.Dispose();
        Assert.Equal((0, 0), (first.Budget.LeakedBytes, second.Budget.LeakedBytes));
    }
}

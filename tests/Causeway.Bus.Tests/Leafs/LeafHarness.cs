using System.Net;
using System.Text;
using Causeway.Bus.Leafs;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Leafs;

namespace Causeway.Bus.Tests.Leafs;

/// <summary>What tests of leafs have in common: options, waiting, and counting what arrives.</summary>
internal static class LeafHarness
{
    /// <summary>Pauses so short that a test need not wait for them.</summary>
    public static readonly LeafLimits Quick = new()
    {
        HandshakeTimeout = Eventually.Deadline,
        RedialPause = TimeSpan.FromMilliseconds(20),
        MaxRedialPause = TimeSpan.FromMilliseconds(200),
        LoopPause = TimeSpan.FromMilliseconds(500),
        SettleTime = TimeSpan.FromMilliseconds(300),
        YieldTime = TimeSpan.FromSeconds(2),
        LoopGrace = TimeSpan.FromMilliseconds(300),
        VacantTime = TimeSpan.FromSeconds(2),
    };

    /// <summary>A node that leafs connect to.</summary>
    public static LeafOptions Hub(LeafLimits? limits = null) => new() { Listen = new IPEndPoint(IPAddress.Loopback, 0), Limits = limits ?? Quick };

    /// <summary>A node that is a leaf of the hub at <paramref name="hub"/>.</summary>
    public static LeafOptions Spoke(IPEndPoint hub, LeafLogin? login = null, LeafTls? tls = null, string tenant = "$G", LeafLimits? limits = null) => new()
    {
        Remotes =
        [
            new LeafRemoteOptions(
                new LeafRemote { Name = $"{hub}/{tenant}", Tenant = tenant, Addresses = [hub.ToString()], Login = login ?? LeafLogin.None }, tls),
        ],
        Limits = limits ?? Quick,
    };

    public static TestNode Start(LeafOptions leafs, string name = "", Causeway.Core.Limits? limits = null, Causeway.Core.Access.AccessSettings? access = null, long memoryLimitBytes = 512L << 20) =>
        TestNode.Start(loops: 1, name: name, limits: limits, access: access, memoryLimitBytes: memoryLimitBytes, configure: options => options with { Leafs = leafs });

    /// <summary>Waits until so many leaf-node connections of a node are in step.</summary>
    public static Task InStepAsync(this TestNode node, int count = 1) => Eventually.TrueAsync(
        () => node.AskLeafs(leafs => leafs.Table.Sessions.Count(session => session.IsInStep)) == count,
        Eventually.Deadline,
        () => string.Join('\n', node.Log.Lines));

    public static T AskLeafs<T>(this TestNode node, Func<LeafNode, T> question) => node.Bus.Leafs!.AskAsync(question).GetAwaiter().GetResult();

    /// <summary>Waits until some leaf or hub of a node is known to want <paramref name="subject"/>, or no longer.</summary>
    public static Task WantedAsync(this TestNode node, string subject, string queue = "", bool wanted = true) => Eventually.TrueAsync(
        () => node.AskLeafs(leafs => leafs.Table.Sessions.Any(session => session.Subscriptions?.Has(Encoding.UTF8.GetBytes(subject), Encoding.UTF8.GetBytes(queue)) == true)) == wanted,
        Eventually.Deadline,
        () => $"{subject} {queue}: {string.Join('\n', node.Log.Lines)}");

    /// <summary>Publishes until the subscriber hears of it: from then on the way is there. What comes of it before a PONG is thrown away.</summary>
    public static async Task ReachAsync(TestClient publisher, TestClient subscriber, string subject)
    {
        await Eventually.TrueAsync(() =>
        {
            publisher.PublishAsync(subject, "probe").GetAwaiter().GetResult();
            publisher.FlushAsync().GetAwaiter().GetResult();
            subscriber.FlushAsync().GetAwaiter().GetResult();
            return subscriber.TakeKept().Exists(frame => frame.Kind == FrameKind.Message);
        });
        await publisher.PublishAsync(subject, "last probe");
        await Eventually.TrueAsync(() =>
        {
            subscriber.FlushAsync().GetAwaiter().GetResult();
            return subscriber.TakeKept().Exists(frame => frame.PayloadText == "last probe");
        });
        await publisher.DropUntilPongAsync();
    }

    /// <summary>Connects to any server as a client.</summary>
    public static Task<TestClient> ConnectAsync(IPEndPoint address) => TestClient.ConnectAsync(address);

    /// <summary>Whether a request is told at once that nobody hears it.</summary>
    public static async Task<bool> IsUnheardAsync(TestClient requester, string subject)
    {
        string inbox = $"_INBOX.{Guid.NewGuid():N}";
        await requester.SendAsync($"SUB {inbox} {inbox}\r\nPUB {subject} {inbox} 3\r\nask\r\n");
        await requester.FlushAsync();
        return requester.TakeKept().Exists(frame => Encoding.ASCII.GetString(frame.Headers).Contains("503", StringComparison.Ordinal));
    }

    public static async Task<TestClient> SubscriberAsync(IPEndPoint address, string subject, string queue = "")
    {
        TestClient client = await ConnectAsync(address);
        await client.SubscribeAsync(subject, "1", queue);
        return client;
    }

    /// <summary>Takes exactly one message, and asserts that no other comes before both sides have been flushed.</summary>
    public static async Task<Frame> OneAsync(TestClient publisher, TestClient subscriber)
    {
        Frame message = await subscriber.MessageAsync();
        await publisher.FlushAsync();
        await subscriber.FlushAsync();
        Xunit.Assert.DoesNotContain(subscriber.TakeKept(), frame => frame.Kind == FrameKind.Message);
        return message;
    }

    /// <summary>Sends a request and answers it on the other side; returns what the requester hears.</summary>
    public static async Task<string> CallAsync(TestClient requester, TestClient responder, string subject, string inbox)
    {
        await requester.SendAsync($"SUB {inbox} {inbox}\r\nPUB {subject} {inbox} 3\r\nask\r\n");
        Frame request = await responder.MessageAsync();
        await responder.PublishAsync(request.Reply, $"{request.PayloadText} and answer");
        return (await requester.MessageAsync()).PayloadText;
    }
}

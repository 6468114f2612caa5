using System.Net;
using System.Net.Sockets;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Links;
using Xunit;
using static Causeway.Bus.Tests.Regions.Layout;

namespace Causeway.Bus.Tests.Regions;

/// <summary>Who dials wrongly, slowly or without sense gets nothing, holds nothing, and disturbs no link.</summary>
public sealed class StrangerTests
{
    private static readonly LinkLimits Hasty = TestDeployment.Patient with { HandshakeTimeout = TimeSpan.FromMilliseconds(500) };

    [Fact]
    public async Task A_node_that_finds_itself_among_its_seeds_leaves_it_at_that()
    {
        int port = FreePorts.Take();
        await using TestDeployment deployment = new();
        TestNode node = await deployment.StartAsync(
            "a0", "a", peers: [$"localhost:{port}", $"127.0.0.1:{port}"], configure: links => links with { Listen = new IPEndPoint(IPAddress.Loopback, port) });
        await deployment.StartAsync("a1", "a", peers: ["a0"]);
        await deployment.LinksAsync("a0", 1);
        await Eventually.TrueAsync(() => node.Bus.Mesh!.AskAsync(mesh => mesh.FoundAt($"localhost:{port}").Node == mesh.Self.Id).GetAwaiter().GetResult());
        Assert.Equal((1, 0), await node.Bus.Mesh!.AskAsync(mesh => (mesh.Links.Count, mesh.HandshakesFailed)));
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_node_that_is_told_its_own_address_as_that_of_another_region_says_so()
    {
        int port = FreePorts.Take();
        await using TestDeployment deployment = new();
        TestNode node = await deployment.StartAsync(
            "a0", "a", remotes: [("b", $"localhost:{port}")], configure: links => links with { Listen = new IPEndPoint(IPAddress.Loopback, port) });
        await Eventually.TrueAsync(
            () => node.Log.Has($"no link with localhost:{port}: refused: the node dialled itself"), Eventually.Deadline, () => string.Join('\n', node.Log.Lines));
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_handshake_that_only_trickles_is_over_in_time()
    {
        await using TestDeployment deployment = new();
        TestNode node = await deployment.StartAsync("a0", "a", limits: Hasty);
        long before = node.Budget.Total;
        using Socket silent = await DialAsync(node);
        using Socket trickling = await DialAsync(node);
        Task<int> end = trickling.ReceiveAsync(new byte[1], SocketFlags.None);
        await trickling.SendAsync(new byte[] { 100, 0, 0, 0, (byte)LinkFrameKind.Hello }, SocketFlags.None).InTimeAsync();
        await Eventually.TrueAsync(() =>
        {
            if (!end.IsCompleted)
            {
                trickling.Send([0], SocketFlags.None, out _);
            }

            return end.IsCompleted;
        });
        await EndOfAsync(silent);
        await Eventually.TrueAsync(() => node.Log.Has("the handshake took too long") && node.Budget.Total - node.Bus.Context.Pool.IdleBytes <= before);
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_thousand_connections_of_garbage_leave_nothing_and_a_link_goes_on()
    {
        const int connections = 1000;
        const int atOnce = 20;
        await using TestDeployment deployment = new();
        TestNode node = await deployment.StartAsync("a0", "a", limits: Hasty);
        await deployment.StartAsync("b0", "b", remotes: [("a", "a0")], limits: Hasty);
        await LinkedAsync(deployment, "b0", "a");
        await LinkedAsync(deployment, "a0", "b");
        TestClient subscriber = await node.SubscriberAsync("on");
        await KnownAsync(deployment, "b0", "on", nodes: 0, regions: 1);
        TestClient publisher = await deployment["b0"].ConnectAsync();

        // The first message fills caches that have nothing to do with strangers.
        await publisher.SendAsync(new Wire().AddNumbered("on", 1, 0).Bytes);
        await subscriber.ReadNumberedAsync(0, 1);
        long before = node.Bus.Context.Budget.Total;
        Random random = new(7);
        for (int number = 0; number < connections; number += atOnce)
        {
            await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Garbage(random)).ToArray().Select(bytes => SendGarbageAsync(node, bytes)));
            await publisher.SendAsync(new Wire().AddNumbered("on", 1, 1 + (number / atOnce)).Bytes);
            await subscriber.ReadNumberedAsync(1 + (number / atOnce), 1);
        }

        await Eventually.TrueAsync(
            () => node.Budget.Total - node.Bus.Context.Pool.IdleBytes <= before, Eventually.Deadline, () => $"({node.Budget.Total} bytes, {before} before)");
        Assert.Equal(2, await node.Bus.Mesh!.AskAsync(mesh => mesh.Links.Count));
        Assert.DoesNotContain(node.Log.Lines, line => line.Contains("link to", StringComparison.Ordinal) && line.Contains("is down", StringComparison.Ordinal));
        await deployment.EndAsync();
    }

    /// <summary>Noise; every other time with the beginning of a frame of any kind in front.</summary>
    private static byte[] Garbage(Random random)
    {
        byte[] bytes = new byte[random.Next(1, 3000)];
        random.NextBytes(bytes);
        if (random.Next(2) == 0 && bytes.Length > 5)
        {
            BitConverter.TryWriteBytes(bytes, random.Next(0, bytes.Length));
            bytes[4] = (byte)random.Next(0, (int)LinkFrameKind.Goodbye + 2);
        }

        return bytes;
    }

    private static async Task SendGarbageAsync(TestNode node, byte[] bytes)
    {
        using Socket socket = await DialAsync(node);
        try
        {
            await socket.SendAsync(bytes, SocketFlags.None).InTimeAsync();
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It was closed for the first of them.
        }

        await EndOfAsync(socket);
    }

    private static async Task<Socket> DialAsync(TestNode node)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(node.Bus.LinkAddress!, TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task EndOfAsync(Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[1000], SocketFlags.None).InTimeAsync() > 0)
            {
            }
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }
    }
}

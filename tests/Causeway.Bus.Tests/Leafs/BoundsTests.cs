using System.Net.Sockets;
using System.Text;
using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Leafs;
using Xunit;
using static Causeway.Bus.Tests.Leafs.LeafHarness;

namespace Causeway.Bus.Tests.Leafs;

/// <summary>Peers that would fill a node: one that dumps without end, ones that stop reading, storms of interest.</summary>
public sealed class BoundsTests
{
    private const int Mi = 1024 * 1024;
    private const string Connect = "CONNECT {\"name\":\"raw\",\"server_id\":\"RAW\",\"version\":\"2.9.10\",\"headers\":true}\r\n";

    [Fact]
    public async Task A_peer_that_dumps_a_million_subjects_gets_what_it_may_and_is_told_of_the_rest()
    {
        const int most = 20_000;
        const int dumped = 1_000_000;
        TestNode node = Start(Hub(Quick with { MaxSubscriptions = most }));
        TestClient local = await node.SubscriberAsync("local");
        using Socket peer = await DialAsync(node);
        StringBuilder lines = new();
        for (int i = 0; i < dumped; i++)
        {
            lines.Append("LS+ dump.").Append(i).Append(".of.many\r\n");
        }

        await peer.SendAsync(Encoding.ASCII.GetBytes(lines.Append("PING\r\n").ToString()), TestContext.Current.CancellationToken);
        LeafSession session = node.AskLeafs(leafs => leafs.Table.Sessions.Single());
        await Eventually.TrueAsync(() => session.Counters.RefusedSubscriptions == dumped - most);
        Assert.Equal(most, session.Subscriptions!.Count);
        Assert.InRange(session.Account.Bytes, most * 100, most * 400);
        Assert.InRange(node.Budget.Total, most * 100, 32 * Mi);
        Assert.True(node.Log.Has("wants more than it may"));
        Assert.Equal(1, node.Log.Count("wants more than it may"));
        string heard = await HearAsync(peer, "-ERR 'maximum subscriptions exceeded'");
        Assert.InRange(heard.Split("-ERR").Length - 1, 1, 60);

        // The node serves others all the while, and gives everything back.
        TestClient publisher = await node.ConnectAsync();
        await publisher.PublishAsync("local", "still here");
        Assert.Equal("still here", (await local.MessageAsync()).PayloadText);
        peer.Dispose();
        await node.EndAsync(countsFiles: false);
    }

    [Fact]
    public async Task A_peer_that_stops_reading_costs_a_bounded_amount_and_is_let_go()
    {
        const long most = 2 * Mi;
        TestNode node = Start(
            Hub(Quick with { MaxPendingBytes = most, MaxBulkPendingBytes = most / 4 * 3 }),
            limits: new Limits { WriteStallTimeout = TimeSpan.FromSeconds(5) });
        using Socket peer = await DialAsync(node, receiveBufferBytes: 4096);
        await peer.SendAsync("LS+ flood\r\nLS+ call\r\n"u8.ToArray());
        await node.WantedAsync("call");
        LeafSession session = node.AskLeafs(leafs => leafs.Table.Sessions.Single());
        TestClient publisher = await node.ConnectAsync();
        byte[] message = Wire.Pub("flood", new byte[16 * 1024]);
        long highest = 0;
        for (int i = 0; i < 1000; i++)
        {
            await publisher.SendAsync(message);
            highest = Math.Max(highest, session.PendingBytes);
        }

        await publisher.FlushAsync();
        Assert.InRange(session.Counters.DroppedBulk, 1, 1000);
        Assert.InRange(Math.Max(highest, session.PendingBytes), 1, most);

        // Requests still have room when bulk has not.
        await publisher.SendAsync("PUB call answer.here 1\r\nx\r\n");
        await publisher.FlushAsync();
        Assert.Equal(0, session.Counters.DroppedRequests);
        await Eventually.TrueAsync(() => node.AskLeafs(leafs => leafs.Table.SlowConsumers) == 1);
        Assert.True(node.Log.Has("Slow Consumer (Write Deadline)"));
        await node.EndAsync(countsFiles: false);
    }

    [Fact]
    public async Task A_storm_of_interest_costs_a_peer_that_does_not_read_no_more_than_a_window()
    {
        const int subjects = 2000;
        const int rounds = 20;
        TestNode node = Start(Hub(), limits: new Limits { WriteStallTimeout = TimeSpan.FromMinutes(10) });
        TestClient client = await node.ConnectAsync();
        StringBuilder lines = new();
        for (int i = 0; i < subjects; i++)
        {
            lines.Append("SUB storm.").Append(i).Append(".with.a.name.that.is.rather.long.").Append('x', 200).Append(' ').Append(i).Append("\r\n");
        }

        string on = lines.ToString();
        await client.SendAsync(on);
        await client.FlushAsync();
        using Socket peer = await DialAsync(node, receiveBufferBytes: 4096);
        LeafSession session = node.AskLeafs(leafs => leafs.Table.Sessions.Single());
        string off = string.Concat(Enumerable.Range(0, subjects).Select(i => $"UNSUB {i}\r\n"));
        long highest = 0;
        for (int round = 0; round < rounds; round++)
        {
            await client.SendAsync(off + on);
            await client.FlushAsync();
            highest = Math.Max(highest, node.AskLeafs(leafs => leafs.BuffersOf(session)?.Bytes ?? 0));
        }

        // What changed 40,000 times is sent as it is now, once the other side reads: two thousand subjects.
        Assert.InRange(highest, 1, 512 * 1024);
        await client.SendAsync("SUB storm.end end\r\n");
        string told = await HearAsync(peer, "LS+ storm.end\r\n");
        HashSet<string> present = [];
        foreach (string line in told.Split("\r\n"))
        {
            _ = line.StartsWith("LS+ storm.", StringComparison.Ordinal) ? present.Add(line[4..]) : line.StartsWith("LS- ", StringComparison.Ordinal) && present.Remove(line[4..]);
        }

        await Eventually.TrueAsync(() => session.Lag == 0);
        told += await HearAsync(peer, "");
        Assert.InRange(told.Length, 1, 8 * subjects * 300);
        peer.Dispose();
        await node.EndAsync(countsFiles: false);
    }

    [Fact]
    public async Task A_leaf_that_is_gone_takes_nothing_from_one_that_is_there_while_its_subjects_are_forgotten()
    {
        const int subjects = 200_000;
        const int asked = 100;
        TestNode node = Start(Hub());
        using Socket gone = await DialAsync(node);
        StringBuilder lines = new();
        for (int i = 0; i < subjects; i++)
        {
            lines.Append("LS+ job.").Append(i).Append(" q 1\r\n");
        }

        await gone.SendAsync(Encoding.ASCII.GetBytes(lines.ToString()), TestContext.Current.CancellationToken);
        await node.WantedAsync($"job.{subjects - 1}", "q");
        using Socket stays = await DialAsync(node, serverId: "OTHER");
        await stays.SendAsync("LS+ job.* q 1\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await node.WantedAsync("job.*", "q");
        TestClient publisher = await node.ConnectAsync();

        gone.Dispose();
        await Eventually.TrueAsync(() => node.AskLeafs(leafs => leafs.Table.Sessions.Count) == 1);
        string asking = string.Concat(Enumerable.Range(0, asked).Select(i => $"PUB job.{i * (subjects / asked)} 1\r\n.\r\n"));
        await publisher.SendAsync($"{asking}PUB job.last 1\r\n.\r\n");

        string heard = await HearAsync(stays, "LMSG job.last");
        Assert.Equal(asked + 1, heard.Split("LMSG ").Length - 1);
        stays.Dispose();
        await node.EndAsync(countsFiles: false);
    }

    [Fact]
    public async Task Garbage_ends_the_connection_and_nothing_else()
    {
        TestNode node = Start(Hub());
        string[] garbage =
        [
            "GET / HTTP/1.1\r\n\r\n", "LMSG a 1\r\nx\r\n", "LS+ a\r\n", "CONNECT {\r\n", Connect + "LMSG a b c d\r\n", Connect + "LS+\r\n", Connect + "LMSG a 99999999\r\n",
            Connect + "LMSG a 2\r\nabc\r\n", Connect + "LS+ " + new string('a', 8192), "CONNECT {\"lang\":\"go\"}\r\n", Connect + Connect,
        ];
        foreach (string bytes in garbage)
        {
            using Socket peer = new(SocketType.Stream, ProtocolType.Tcp);
            await peer.ConnectAsync(node.Bus.LeafAddress!, TestContext.Current.CancellationToken);
            await peer.SendAsync(Encoding.ASCII.GetBytes(bytes), TestContext.Current.CancellationToken);
            byte[] buffer = new byte[4096];
            try
            {
                while (await peer.ReceiveAsync(buffer, SocketFlags.None).InTimeAsync() > 0)
                {
                }
            }
            catch (SocketException)
            {
                // Reset: over as well.
            }
        }

        await Eventually.TrueAsync(() => node.AskLeafs(leafs => leafs.Table.Sessions.Count) == 0);
        await node.EndAsync(countsFiles: false);
    }

    private static async Task<Socket> DialAsync(TestNode node, int receiveBufferBytes = 0, string serverId = "RAW")
    {
        Socket peer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBufferBytes > 0)
        {
            peer.ReceiveBufferSize = receiveBufferBytes;
        }

        await peer.ConnectAsync(node.Bus.LeafAddress!);
        await peer.SendAsync(Encoding.ASCII.GetBytes(Connect.Replace("RAW", serverId, StringComparison.Ordinal)));
        await Eventually.TrueAsync(() => node.AskLeafs(leafs => leafs.Table.Sessions.Any(session => session.State == LeafState.Up && session.Other.ServerId == serverId)));
        return peer;
    }

    /// <summary>Reads until <paramref name="text"/> has come; with none, what is there.</summary>
    private static async Task<string> HearAsync(Socket peer, string text)
    {
        StringBuilder heard = new();
        byte[] buffer = new byte[64 * 1024];
        while (text.Length > 0 ? !heard.ToString().Contains(text, StringComparison.Ordinal) : peer.Available > 0)
        {
            int read = await peer.ReceiveAsync(buffer, SocketFlags.None).InTimeAsync();
            Assert.True(read > 0, $"it ended before '{text}' came");
            heard.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return heard.ToString();
    }
}

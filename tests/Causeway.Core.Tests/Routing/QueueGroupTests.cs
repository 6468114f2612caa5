using System.Globalization;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Routing;

public sealed class QueueGroupTests
{
    private readonly TestNode _node = new(seed: 20);

    [Fact]
    public void Each_group_gets_a_message_once_and_plain_subscriptions_as_well()
    {
        TestClient[] clients = [.. Enumerable.Range(0, 4).Select(_ => _node.Connect())];
        clients[0].Send("SUB a q 1\r\n");
        clients[1].Send("SUB a q 2\r\nSUB a.* q 3\r\n");
        clients[2].Send("SUB a p 4\r\nSUB a Q 5\r\n");
        clients[3].Send("SUB a 6\r\n");
        _node.Connect().Send(Many("PUB a 1\r\nx\r\n", 100));
        Dictionary<string, int> got = CountBySid(clients);
        Assert.Equal(100, got["1"] + got["2"]);
        Assert.Equal(100, got["4"]);
        Assert.Equal(100, got["5"]);
        Assert.Equal(100, got["6"]);
        Assert.False(got.ContainsKey("3"));
    }

    /// <summary>
    /// Chi-square with 3 degrees of freedom passes 16.3 by chance once in a thousand times; the dice are seeded, so here never.
    /// </summary>
    [Theory]
    [InlineData(4, "a a a a")]
    [InlineData(4, "a a.> * *")]
    [InlineData(1, "a a a a")]
    public void Members_share_a_groups_messages_evenly(int clientCount, string patterns)
    {
        TestClient[] clients = [.. Enumerable.Range(0, clientCount).Select(_ => _node.Connect())];
        string[] parts = patterns.Replace("a.>", ">", StringComparison.Ordinal).Split(' ');
        for (int i = 0; i < parts.Length; i++)
        {
            clients[i % clientCount].Send($"SUB {parts[i]} q {i}\r\n");
        }

        const int Messages = 8000;
        _node.Connect().Send(Many("PUB a 1\r\nx\r\n", Messages));
        Dictionary<string, int> got = CountBySid(clients);
        Assert.Equal(Messages, got.Values.Sum());
        double expected = Messages / (double)parts.Length;
        double chiSquare = parts.Select((_, i) => got.GetValueOrDefault(i.ToString(CultureInfo.InvariantCulture)))
            .Sum(count => (count - expected) * (count - expected) / expected);
        Assert.True(chiSquare < 16.3, $"chi-square {chiSquare:0.0}: {string.Join(", ", got)}");
    }

    [Fact]
    public void The_member_of_a_client_without_echo_is_passed_over()
    {
        TestClient mute = _node.Connect("\"echo\":false");
        TestClient other = _node.Connect();
        mute.Send("SUB a q 1\r\n");
        other.Send("SUB a q 2\r\n");
        mute.Send(Many("PUB a 1\r\nx\r\n", 50));
        Assert.Equal(50, CountBySid([mute, other])["2"]);
    }

    [Fact]
    public void A_member_that_has_had_its_share_drops_out()
    {
        TestClient limited = _node.Connect();
        TestClient other = _node.Connect();
        limited.Send("SUB a q 1\r\nUNSUB 1 3\r\n");
        other.Send("SUB a q 2\r\n");
        _node.Connect().Send(Many("PUB a 1\r\nx\r\n", 50));
        Dictionary<string, int> got = CountBySid([limited, other]);
        Assert.Equal(3, got["1"]);
        Assert.Equal(47, got["2"]);
    }

    [Fact]
    public void A_member_that_is_closed_is_passed_over()
    {
        TestClient gone = _node.Connect();
        TestClient other = _node.Connect();
        gone.Send("SUB a q 1\r\n");
        other.Send("SUB a q 2\r\n");
        gone.Session.Outbound.Close();
        TestClient publisher = _node.Connect();
        publisher.Send("SUB r 1\r\n" + Many("PUB a r 1\r\nx\r\n", 20));
        Assert.Equal(20, CountBySid([other])["2"]);
        other.Session.Outbound.Close();
        publisher.Send("PUB a r 1\r\nx\r\n");
        publisher.AssertReads("HMSG r 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");
    }

    private static string Many(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static Dictionary<string, int> CountBySid(IEnumerable<TestClient> clients) => clients
        .SelectMany(client => client.Read().Split("\r\n").Where(line => line.StartsWith("MSG ", StringComparison.Ordinal)))
        .CountBy(line => line.Split(' ')[2])
        .ToDictionary();
}

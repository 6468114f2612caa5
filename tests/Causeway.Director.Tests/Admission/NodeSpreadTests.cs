using Causeway.Director.Admission;
using CsCheck;
using Xunit;

namespace Causeway.Director.Tests.Admission;

public sealed class NodeSpreadTests
{
    private const int Most = 8;

    [Fact]
    public void Many_clients_between_two_reports_spread_evenly_over_nodes_with_equal_room()
    {
        NodeSpread spread = new(new Random(1));
        NodeRoom[] nodes = [.. Enumerable.Range(0, 5).Select(node => new NodeRoom($"n{node}", 1000))];
        int[] counts = [.. Sent(spread, nodes, 1002).Values];
        Assert.Equal((5, 200, 201), (counts.Length, counts.Min(), counts.Max()));
    }

    [Fact]
    public void The_node_that_looks_a_little_emptier_does_not_get_everybody()
    {
        Dictionary<string, int> counts = Sent(new NodeSpread(new Random(2)), [new NodeRoom("a", 5800), new NodeRoom("b", 5900)], 60);
        Assert.InRange(counts["a"], 29, 30);
    }

    [Fact]
    public void A_node_gets_its_share_of_the_room_and_never_more_than_its_room() =>
        (from rooms in Gen.Int[0, 200].Array[1, 12]
         from share in Gen.Double[0, 1]
         from seed in Gen.Int
         select (rooms, share, seed)).Sample(given =>
         {
             NodeRoom[] nodes = [.. given.rooms.Select((room, node) => new NodeRoom($"n{node}", room))];
             int all = given.rooms.Sum();
             int clients = (int)(all * given.share);
             Dictionary<string, int> counts = Sent(new NodeSpread(new Random(given.seed)), nodes, clients);
             foreach (NodeRoom node in nodes)
             {
                 int count = counts.GetValueOrDefault(node.Address);
                 Assert.InRange(count, all == 0 ? 0 : (long)clients * node.Room / all, node.Room);
             }
         });

    [Fact]
    public void A_client_under_way_keeps_its_node_and_counts_until_it_has_settled()
    {
        NodeSpread spread = new(new Random(3));
        NodeRoom[] nodes = [new NodeRoom("a", 1), new NodeRoom("b", 1)];
        string first = spread.Send("one", nodes, Most, TimeSpan.Zero)[0];
        Assert.Equal(first, spread.Send("one", nodes, Most, TimeSpan.FromSeconds(1))[0]);
        string second = spread.Send("two", nodes, Most, TimeSpan.FromSeconds(1))[0];
        Assert.NotEqual(first, second);
        spread.Settle("one", TimeSpan.FromSeconds(2));
        TimeSpan after = TimeSpan.FromSeconds(2) + AdmissionLimits.SettleTime;
        Assert.Equal(first, spread.Send("three", nodes, Most, after)[0]);
    }

    [Fact]
    public void Who_has_no_grant_gets_nodes_by_chance_those_with_more_room_sooner()
    {
        NodeSpread spread = new(new Random(4));
        NodeRoom[] nodes = [new NodeRoom("full", 0), new NodeRoom("large", 300), new NodeRoom("small", 100)];
        IReadOnlyList<string>[] orders = [.. Enumerable.Range(0, 1000).Select(_ => spread.Mix(nodes, Most))];
        Assert.InRange(orders.Count(order => order[0] == "large"), 700, 800);
        Assert.All(orders, order => Assert.Equal(3, order.Count));
        Assert.InRange(orders.Count(order => order[0] == "full"), 0, 5);
        Assert.Equal(2, spread.Mix(nodes, 2).Count);
        Assert.Empty(spread.Send("one", [], Most, TimeSpan.Zero));
    }

    private static Dictionary<string, int> Sent(NodeSpread spread, IReadOnlyList<NodeRoom> nodes, int clients) =>
        Enumerable.Range(0, clients).Select(client => spread.Send($"c{client}", nodes, Most, TimeSpan.FromSeconds(1))[0]).CountBy(node => node).ToDictionary();
}

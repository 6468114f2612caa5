using Causeway.Client.Connections;
using CsCheck;
using Xunit;

namespace Causeway.Client.Tests.Connections;

public sealed class ServerPoolTests
{
    private static readonly ServerAddress[] Addresses = [.. Enumerable.Range(1, 5).Select(i => new ServerAddress($"s{i}", i))];

    [Fact]
    public void Each_round_has_every_server_once_and_the_lost_one_last() =>
        Gen.Select(Gen.Int, Gen.Int[0, 4]).Sample((seed, lost) =>
        {
            ServerPool pool = new(Addresses, new Random(seed));
            for (int round = 0; round < 3; round++)
            {
                ServerAddress[] order = [.. Addresses.Select(_ => pool.Next(Addresses[lost]))];
                Assert.Equal(Addresses[lost], order[^1]);
                Assert.Equal(Addresses, order.OrderBy(address => address.Port));
            }
        });

    [Fact]
    public void The_order_differs_between_clients()
    {
        string[] orders =
        [
            .. Enumerable.Range(0, 50).Select(seed =>
            {
                ServerPool pool = new(Addresses, new Random(seed));
                return string.Join(',', Addresses.Select(_ => pool.Next(Addresses[0]).Port));
            }),
        ];
        Assert.InRange(orders.Distinct().Count(), 10, 24);
    }

    [Fact]
    public void A_connection_begins_a_new_round()
    {
        ServerPool pool = new(Addresses, new Random(1));
        pool.Next(Addresses[0]);
        pool.Connected();

        ServerAddress[] order = [.. Addresses.Select(_ => pool.Next(Addresses[1]))];

        Assert.Equal(Addresses[1], order[^1]);
    }

    [Fact]
    public void Who_is_sent_to_other_servers_does_not_go_back_to_the_one_it_left()
    {
        ServerPool pool = new(Addresses[..2], new Random(1));
        pool.Use(Addresses[2..]);
        ServerAddress[] order = [.. Enumerable.Range(0, 6).Select(_ => pool.Next(Addresses[0]))];
        Assert.DoesNotContain(Addresses[0], order);
        Assert.Equal(Addresses[2..], order[..3].OrderBy(address => address.Port));
    }

    [Fact]
    public void Servers_are_learned_once_and_up_to_a_limit()
    {
        ServerPool pool = new(Addresses, new Random(1));
        pool.Learn(["S1:1", "new:7", "new:7", "not an address", ""]);
        Assert.Equal([.. Addresses, new ServerAddress("new", 7)], pool.Servers);

        pool.Learn(Enumerable.Range(1, 1000).Select(port => $"many:{port}"));
        Assert.Equal(ClientLimits.ServersMax, pool.Servers.Count);
    }
}

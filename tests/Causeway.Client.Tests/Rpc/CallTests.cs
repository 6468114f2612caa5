using System.Collections.Concurrent;
using Causeway.Client.Rpc;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Client.Tests.Rpc;

/// <summary>Calls over real servers: how many messages each takes, and how they fail.</summary>
public sealed class CallTests(SharedServers servers) : RpcTest(servers)
{
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Each_kind_of_call_takes_the_messages_that_it_should(string kind)
    {
        Contract contract = new();
        Host[] hosts = [await EchoAsync(kind, contract), await EchoAsync(kind, contract), await EchoAsync(kind, contract)];
        BusClient bus = await ConnectAsync(kind);
        RpcClient caller = await CallerAsync(bus);
        BusClient[] all = [bus, .. hosts.Select(host => host.Bus)];
        hosts[1].Keys.Add("room 7");
        Assert.Equal("0:x", await CallAsync(caller, contract.Echo, RpcTarget.Any, "x"));

        // Any, and one by its address: 2 published, 2 delivered.
        Assert.Equal((2, 2), await CostAsync(all, async () => await CallAsync(caller, contract.Echo, RpcTarget.Any, "x")));
        Assert.Equal((2, 2), await CostAsync(all, async () => await CallAsync(caller, contract.Echo, RpcTarget.At(hosts[2].Server.Address), "x")));

        // By key for the first time: 2 published, the first of them delivered to all three servers.
        Assert.Equal((2, 4), await CostAsync(all, async () => await CallAsync(caller, contract.Echo, RpcTarget.Key("room 7"), "x")));
        Assert.Equal(hosts[1].Server.Address, caller.ServerOf(contract.Service, "room 7"));

        // And from then on: 2 and 2.
        Assert.Equal((2, 2), await CostAsync(all, async () => await CallAsync(caller, contract.Echo, RpcTarget.Key("room 7"), "x")));

        // Handed over: 3 and 3, once.
        hosts[0].Keys.Add("room 7");
        Assert.True(hosts[1].Keys.HandOver("room 7", hosts[0].Server.Address));
        Assert.Equal((3, 3), await CostAsync(all, async () => await CallAsync(caller, contract.Echo, RpcTarget.Key("room 7"), "x")));
        Assert.Equal((2, 2), await CostAsync(all, async () => await CallAsync(caller, contract.Echo, RpcTarget.Key("room 7"), "x")));
        Assert.Equal(hosts[0].Server.Address, caller.ServerOf(contract.Service, "room 7"));

        // Moved without a word: the server that was known says so, then all are asked. 4 published, once.
        hosts[2].Keys.Add("room 7");
        Assert.True(hosts[0].Keys.Remove("room 7"));
        Assert.Equal((4, 6), await CostAsync(all, async () => await CallAsync(caller, contract.Echo, RpcTarget.Key("room 7"), "x")));
        Assert.Equal(0, caller.Statistics.Failed);
        Assert.Equal(0, caller.Statistics.Strays);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_call_to_all_whose_handler_takes_its_time_has_a_third_message(string kind)
    {
        Contract contract = new();
        TaskCompletionSource go = new();
        RpcHandlers handlers = new RpcHandlers().On(contract.Echo, async (text, _) =>
        {
            await go.Task;
            return text;
        });
        Host host = await ServeAsync(await ConnectAsync(kind), contract, handlers, Patient with { ClaimNotice = TimeSpan.FromMilliseconds(1) });
        host.Keys.Add("k");
        BusClient bus = await ConnectAsync(kind);
        RpcClient caller = await CallerAsync(bus);
        BusClient[] all = [bus, host.Bus];

        (long, long) cost = await CostAsync(all, async () =>
        {
            Task<string> call = CallAsync(caller, contract.Echo, RpcTarget.Key("k"), "x");
            await Eventually.TrueAsync(() => caller.ServerOf(contract.Service, "k") is not null);
            go.SetResult();
            Assert.Equal("x", await call.InTimeAsync());
        });

        Assert.Equal((3, 3), cost);
        Assert.Equal(1, host.Server.Statistics.ClaimNotices);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task The_best_server_gets_the_call_in_three_messages_at_most(string kind)
    {
        Contract contract = new();
        FakeTimeProvider time = new();
        List<Host> hosts = [];
        foreach (string region in new[] { "east", "west", "south" })
        {
            Host host = await ServeAsync(await ConnectAsync(kind, options => On(options, time)), contract, new RpcHandlers
            {
                Affinity = (key, candidate) => candidate.Labels == "never" ? -1 : candidate.Labels == key ? 1 : 0.5,
            }.On(contract.Echo, (_, _) => Task.FromResult(region)));
            host.Keys.Labels = region;
            hosts.Add(host);
        }

        RpcClient caller = await CallerAsync(await ConnectAsync(kind));
        await AnnounceAsync(time, hosts);

        for (int i = 0; i < 30; i++)
        {
            string key = new[] { "east", "west", "south" }[i % 3];
            Assert.Equal(key, await CallAsync(caller, contract.Echo, RpcTarget.Best(key), "x"));
        }

        // Each call was begun once, and passed on once at most.
        Assert.Equal(30, hosts.Sum(host => host.Server.Statistics.Begun));
        Assert.InRange(hosts.Sum(host => host.Server.Statistics.Forwarded), 1, 29);
        Assert.Equal(30, caller.Statistics.Sent);

        // Once all have heard of all that they may not, none may.
        hosts.ForEach(host => host.Keys.Labels = "never");
        await AnnounceAsync(time, hosts);
        RpcException none = await FailsAsync(RpcCode.Unavailable, CallAsync(caller, contract.Echo, RpcTarget.Best("east"), "x"));
        Assert.False(none.MayHaveRun);
        Assert.Equal(30, hosts.Sum(host => host.Server.Statistics.Begun));
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Subscriptions_stay_the_same_for_a_thousand_rooms_of_ten_participants(string kind)
    {
        const int Rooms = 1000;
        const int Participants = 10;
        Contract contract = new();
        Host[] hosts = [await EchoAsync(kind, contract), await EchoAsync(kind, contract)];
        BusClient bus = await ConnectAsync(kind);
        RpcClient caller = await CallerAsync(bus);

        for (int room = 0; room < Rooms; room++)
        {
            hosts[room % 2].Keys.Add($"room-{room}");
            for (int participant = 0; participant < Participants; participant++)
            {
                hosts[room % 2].Keys.Add($"room-{room}/participant-{participant}");
            }
        }

        await Parallel.ForAsync(0, Rooms, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (room, _) =>
            Assert.Equal("0:x", await CallAsync(caller, contract.Echo, RpcTarget.Key($"room-{room}/participant-{room % Participants}"), "x")));

        Assert.All(hosts, host => Assert.Equal(3, host.Bus.Statistics.Subscriptions));
        Assert.All(hosts, host => Assert.Equal(3, host.Server.Statistics.Subscriptions));
        Assert.Equal(Rooms * (Participants + 1), hosts.Sum(host => host.Server.Statistics.Keys));
        Assert.Equal(1, bus.Statistics.Subscriptions);
        Assert.Equal(Rooms, caller.Statistics.KnownKeys);
        Assert.Equal(Rooms, caller.Statistics.Claims);
        Assert.Equal(0, caller.Statistics.Pending);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task What_a_handler_says_reaches_the_caller(string kind)
    {
        Contract contract = new();
        ConcurrentQueue<string> errors = [];
        RpcHandlers handlers = new RpcHandlers().On<string, string>(contract.Echo, (text, context) => text switch
        {
            "refuse" => throw new RpcException(RpcCode.Refused, "not\r\nyou"),
            "large" => Task.FromResult(new string('x', 2_000_000)),
            _ => throw new InvalidOperationException("secret"),
        });
        Host host = await ServeAsync(await ConnectAsync(kind), contract, handlers);
        host.Server.OnHandlerError = (method, error) => errors.Enqueue($"{method}: {error.Message}");
        RpcClient caller = await CallerAsync(await ConnectAsync(kind));

        RpcException refused = await FailsAsync(RpcCode.Refused, CallAsync(caller, contract.Echo, RpcTarget.Any, "refuse"));
        RpcException thrown = await FailsAsync(RpcCode.Internal, CallAsync(caller, contract.Echo, RpcTarget.Any, "throw"));
        RpcException large = await FailsAsync(RpcCode.Internal, CallAsync(caller, contract.Echo, RpcTarget.Any, "large"));
        RpcException unknown = await FailsAsync(RpcCode.Unimplemented, CallAsync(caller, contract.Other, RpcTarget.Any, "x"));
        RpcException nobody = await FailsAsync(RpcCode.Unavailable, CallAsync(caller, new Contract().Echo, RpcTarget.Any, "x"));
        RpcException gone = await FailsAsync(RpcCode.Unavailable, CallAsync(caller, contract.Echo, RpcTarget.At("nobody"), "x"));
        await Assert.ThrowsAsync<PayloadTooLargeException>(() => CallAsync(caller, contract.Echo, RpcTarget.Any, new string('x', 2_000_000)));

        Assert.Equal("not  you", refused.Message);
        Assert.Equal("the handler of 'echo' threw InvalidOperationException", thrown.Message);
        Assert.Equal(["echo: secret"], errors);
        Assert.StartsWith("the reply is too large", large.Message, StringComparison.Ordinal);
        Assert.True(refused.MayHaveRun && thrown.MayHaveRun && large.MayHaveRun);
        Assert.False(unknown.MayHaveRun || nobody.MayHaveRun || gone.MayHaveRun);
        Assert.Equal(0, caller.Statistics.Pending);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Keys_that_two_servers_serve_are_noticed_and_one_takes_over(string kind)
    {
        Contract contract = new();
        Host first = await EchoAsync(kind, contract);
        Host second = await EchoAsync(kind, contract);
        RpcClient caller = await CallerAsync(await ConnectAsync(kind));
        first.Keys.Add("k");
        second.Keys.Add("k");
        ConcurrentQueue<string> taken = [];
        first.Keys.KeyTaken += (key, server) => taken.Enqueue($"{key} {server}");

        await CallAsync(caller, contract.Echo, RpcTarget.Key("k"), "x");
        await Eventually.TrueAsync(() => caller.Statistics.DuplicateServers == 1);

        second.Keys.TakeOver("k");
        await Eventually.TrueAsync(() => !taken.IsEmpty);
        Assert.False(first.Keys.Serves("k"));
        Assert.Equal([$"k {second.Server.Address}"], taken);
        Assert.Equal(1, first.Server.Statistics.KeysTaken);
        await CallAsync(caller, contract.Echo, RpcTarget.Key("k"), "x");
        Assert.Equal(second.Server.Address, caller.ServerOf(contract.Service, "k"));
    }

    private async Task<Host> EchoAsync(string kind, Contract contract) =>
        await ServeAsync(await ConnectAsync(kind), contract, new RpcHandlers().On(contract.Echo, (text, _) => Task.FromResult($"0:{text}")));

    private static async Task<(long Published, long Delivered)> CostAsync(BusClient[] clients, Func<Task> work)
    {
        (long published, long delivered) = await CountAsync(clients);
        await work().InTimeAsync();
        (long publishedThen, long deliveredThen) = await CountAsync(clients);
        return (publishedThen - published, deliveredThen - delivered);
    }
}

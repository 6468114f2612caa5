using System.Diagnostics.Metrics;
using System.Text;
using Causeway.Client.Rpc;
using Causeway.Client.Rpc.Wire;
using Causeway.Client.Tests.Servers;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Rpc;

/// <summary>What a program that serves meets besides calls: handlers that block, subscriptions that are refused, wrong addresses, metrics.</summary>
public sealed class ServingTests(SharedServers servers) : RpcTest(servers)
{
    private static readonly string[] Names = ["caller", "server"];

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Handlers_that_block_have_threads_of_their_own_and_hold_up_nothing_else(string kind)
    {
        Contract contract = new();
        using ManualResetEventSlim go = new();
        int blocked = 0;
        int pooled = 0;
        Host host = await ServeAsync(await ConnectAsync(kind), contract, new RpcHandlers()
            .On(contract.Echo, (text, _) =>
            {
                Interlocked.Add(ref pooled, Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
                Interlocked.Increment(ref blocked);
                go.Wait(Cancelled);
                return Task.FromResult(text);
            }, new() { ConcurrencyMax = 64, Blocks = true })
            .On(contract.Other, (_, _) => Task.FromResult("quick")));
        RpcClient caller = await CallerAsync(await ConnectAsync(kind));

        Task<string>[] slow = [.. Enumerable.Range(0, 64).Select(i => CallAsync(caller, contract.Echo, RpcTarget.Any, $"{i}"))];
        await Eventually.TrueAsync(() => Volatile.Read(ref blocked) == 64);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal("quick", await CallAsync(caller, contract.Other, RpcTarget.Any, "x").InTimeAsync());
        }

        Assert.Equal((0, 64), (pooled, host.Server.Statistics.Running));
        go.Set();
        Assert.Equal(Enumerable.Range(0, 64).Select(i => $"{i}"), await Task.WhenAll(slow).InTimeAsync());
    }

    [Fact]
    public async Task Handlers_that_block_though_they_should_not_do_not_hold_up_calls_that_came_with_theirs()
    {
        Contract contract = new();
        using ManualResetEventSlim go = new();
        await ServeAsync(await ConnectAsync(ServerKinds.Causeway), contract, new RpcHandlers()
            .On(contract.Echo, (text, _) =>
            {
                go.Wait(Cancelled);
                return Task.FromResult(text);
            })
            .On(contract.Other, (_, _) => Task.FromResult("quick")));
        RpcClient caller = await CallerAsync(await ConnectAsync(ServerKinds.Causeway));

        // Both are in one received block, as a rule: whatever place in the pool runs the first, another is found for the second.
        Task<string> slow = CallAsync(caller, contract.Echo, RpcTarget.Any, "slow");
        Task<string> quick = CallAsync(caller, contract.Other, RpcTarget.Any, "x");
        Assert.Equal("quick", await quick.InTimeAsync());
        Assert.False(slow.IsCompleted);
        go.Set();
        Assert.Equal("slow", await slow.InTimeAsync());
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_server_that_may_not_subscribe_is_told_so(string kind)
    {
        Contract contract = new();
        string configuration = $$"""
            no_auth_user: u
            accounts { A { users = [ { user: u, password: p, permissions: { subscribe: { deny: "$RPC.any.{{contract.Service.Name}}" } } } ] } }
            """;
        await using TestServer server = await TestServer.StartAsync(kind, configuration);
        BusClient bus = await ConnectToAsync(server.Url);
        await using RpcServer serving = await RpcServer.OpenAsync(bus, Patient, Cancelled);
        RpcHandlers handlers = new RpcHandlers().On(contract.Echo, (text, _) => Task.FromResult(text));

        ServerErrorException refusal = await Assert.ThrowsAsync<ServerErrorException>(() => serving.ServeAsync(contract.Service, handlers, Cancelled));

        Assert.StartsWith($"Permissions Violation for Subscription to \"$RPC.any.{contract.Service.Name}\"", refusal.Text, StringComparison.Ordinal);
        Assert.Equal(1, serving.Statistics.Subscriptions);

        // Nothing of it is left: another service is served, and this one could be.
        Contract other = new();
        await serving.ServeAsync(other.Service, new RpcHandlers().On(other.Echo, (text, _) => Task.FromResult(text)), Cancelled);
        await Assert.ThrowsAsync<ServerErrorException>(() => serving.ServeAsync(contract.Service, handlers, Cancelled));
        RpcClient caller = await CallerAsync(bus);
        Assert.Equal("x", await CallAsync(caller, other.Echo, RpcTarget.Any, "x").InTimeAsync());
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_caller_that_may_not_publish_is_told_so_at_once(string kind)
    {
        Contract contract = new();
        string configuration = $$"""
            no_auth_user: u
            accounts { A { users = [ { user: u, password: p, permissions: { publish: { deny: "$RPC.any.{{contract.Service.Name}}" } } } ] } }
            """;
        await using TestServer server = await TestServer.StartAsync(kind, configuration);
        BusClient bus = await ConnectToAsync(server.Url);
        await ServeAsync(bus, contract, new RpcHandlers().On(contract.Echo, (text, _) => Task.FromResult(text)));
        RpcClient caller = await CallerAsync(bus);

        RpcException refusal = await FailsAsync(RpcCode.Forbidden, CallAsync(caller, contract.Echo, RpcTarget.Any, "x", Eventually.Deadline * 2));
        await FailsAsync(RpcCode.Forbidden, OpenAsync(caller, contract.Chat, RpcTarget.Any));

        Assert.False(refusal.MayHaveRun);
        Assert.Contains($"Permissions Violation for Publish to \"$RPC.any.{contract.Service.Name}\"", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((0, 2L), (caller.Statistics.Pending, caller.Statistics.Failed));
    }

    /// <summary>What a server has not learned yet when a client goes is lost with it, so it must have learned before.</summary>
    [Fact]
    public async Task A_call_that_comes_while_a_server_drains_is_refused_before_the_drain_ends()
    {
        Contract contract = new();
        await using ScriptedServer bus = new();
        Task<BusClient> connecting = ConnectToAsync(bus.Url);
        ScriptedServer.Connection peer = await bus.AcceptAndShakeHandsAsync(Cancelled);
        Task<Host> serving = ServeAsync(await connecting, contract, new RpcHandlers().On(contract.Echo, (text, _) => Task.FromResult(text)));
        for (int i = 0; i < 2; i++)
        {
            await peer.ReadUntilAsync("PING\r\n", Cancelled);
            await peer.SendAsync("PONG\r\n");
        }

        Host host = await serving.InTimeAsync();
        Task draining = host.Server.DrainAsync(Eventually.Deadline, Cancelled);
        Assert.Equal("UNSUB 3\r\nUNSUB 1\r\nUNSUB 2\r\nPING\r\n", await peer.ReadUntilAsync("PING\r\n", Cancelled));
        byte[] header = new byte[256];
        Assert.True(RpcHeaderText.TryWriteBlock(
            new RpcHeader(RpcKind.Call) { Id = new CallId("me", 1), Milliseconds = 5000, Method = contract.Echo.FullName }, header, out int length));
        await peer.SendAsync($"HMSG $RPC.any.{contract.Service.Name} 3 reply {length} {length}\r\n{Encoding.UTF8.GetString(header, 0, length)}\r\nPONG\r\n");

        string answer = await peer.ReadUntilAsync("PING\r\n", Cancelled);

        Assert.Contains($"fail {host.Server.Address} unavailable 0 the server is leaving", answer, StringComparison.Ordinal);
        Assert.False(draining.IsCompleted);
        await peer.SendAsync("PONG\r\n");
        await draining.InTimeAsync();
    }

    [Fact]
    public async Task A_key_can_only_be_handed_over_to_what_can_be_an_address()
    {
        Contract contract = new();
        Host host = await ServeAsync(await ConnectAsync(ServerKinds.Causeway), contract, new RpcHandlers().On(contract.Echo, (text, _) => Task.FromResult(text)));
        host.Keys.Add("k");

        Assert.Throws<ArgumentException>(() => host.Keys.HandOver("k", "not an > address"));

        Assert.True(host.Keys.Serves("k"));
    }

    [Fact]
    public async Task All_statistics_are_metrics_too_of_each_caller_and_server()
    {
        Contract contract = new();
        Host host = await ServeAsync(await ConnectAsync(ServerKinds.Causeway), contract, new RpcHandlers().On(contract.Echo, (text, _) => Task.FromResult(text)));
        RpcClient caller = await CallerAsync(await ConnectAsync(ServerKinds.Causeway));
        await CallAsync(caller, contract.Echo, RpcTarget.Any, "x").InTimeAsync();
        Dictionary<(string Name, string Instance), long> seen = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == RpcMetrics.MeterName)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            lock (Names)
            {
                Assert.Equal(RpcMetrics.InstanceTag, tags[0].Key);
                seen.Add((instrument.Name, (string)tags[0].Value!), value);
            }
        });
        listener.Start();

        listener.RecordObservableInstruments();

        Assert.Equal(1, seen[("causeway.rpc.server.begun", host.Server.Address)]);
        Assert.Contains(seen, one => one.Key.Name == "causeway.rpc.client.calls" && one.Value == 1);
        string[] missing =
        [
            .. Missing<RpcClientStatistics>("client"), .. Missing<RpcServerStatistics>("server"),
            .. Missing<RpcStreamStatistics>("client.streams"), .. Missing<RpcStreamStatistics>("server.streams"),
        ];
        Assert.Empty(missing);

        IEnumerable<string> Missing<T>(string side) => typeof(T).GetProperties()
            .Where(property => property.PropertyType != typeof(RpcStreamStatistics))
            .Select(property => $"causeway.rpc.{side}.{Snake(property.Name)}")
            .Where(name => !seen.Keys.Any(key => key.Name == name));
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((letter, at) => char.IsUpper(letter) ? $"{(at > 0 ? "_" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
}

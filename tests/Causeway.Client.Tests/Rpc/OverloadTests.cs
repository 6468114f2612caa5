using Causeway.Client.Rpc;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Client.Tests.Rpc;

/// <summary>What slow handlers, full queues, deadlines, cancelled calls and dead servers do, and to whom.</summary>
public sealed class OverloadTests(SharedServers servers) : RpcTest(servers)
{
    private readonly SharedServers _servers = servers;
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_slow_handler_hurts_only_its_own_calls(string kind)
    {
        Contract contract = new();
        Host host = await StuckAsync(kind, contract, new() { ConcurrencyMax = 4, QueuedCallsMax = 8 });
        RpcClient caller = await CallerAsync(await ConnectAsync(kind));

        Task<string>[] slow = [.. Enumerable.Range(0, 100).Select(i => CallAsync(caller, contract.Echo, RpcTarget.Any, $"{i}"))];
        await Eventually.TrueAsync(() => slow.Count(call => call.IsFaulted) == 88);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal("quick", await CallAsync(caller, contract.Other, RpcTarget.Any, "x").InTimeAsync());
        }

        RpcServerStatistics statistics = host.Server.Statistics;
        Assert.Equal((4, 8, 88), (statistics.Running, statistics.Waiting, (int)statistics.Overloaded));
        foreach (Task<string> refused in slow.Where(call => call.IsFaulted))
        {
            RpcException reason = await FailsAsync(RpcCode.Overloaded, refused);
            Assert.False(reason.MayHaveRun);
            Assert.StartsWith("the queue of 'echo' is full: 8 calls", reason.Message, StringComparison.Ordinal);
        }

        _go.SetResult();
        await Eventually.TrueAsync(() => slow.Count(call => call.IsCompletedSuccessfully) == 12);
        await Eventually.TrueAsync(() => host.Server.Statistics is { Running: 0, Waiting: 0, WaitingBytes: 0, Ended: 62 });
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_call_whose_time_is_up_while_it_waits_is_not_begun_and_the_caller_is_told(string kind)
    {
        Contract contract = new();
        int begun = 0;
        RpcHandlers handlers = new RpcHandlers().On(contract.Echo, async (text, _) =>
        {
            Interlocked.Increment(ref begun);
            await _go.Task;
            return text;
        }, new() { ConcurrencyMax = 1 });
        RpcLimits early = Patient with { StartByShare = 0.01 };
        Host host = await ServeAsync(await ConnectAsync(kind), contract, handlers, early);
        RpcClient caller = await CallerAsync(await ConnectAsync(kind));

        Task<string> first = CallAsync(caller, contract.Echo, RpcTarget.Any, "first");
        await Eventually.TrueAsync(() => Volatile.Read(ref begun) == 1);
        RpcException reason = await FailsAsync(RpcCode.DeadlineExceeded, CallAsync(caller, contract.Echo, RpcTarget.Any, "second"));

        Assert.False(reason.MayHaveRun);
        Assert.Matches("^waited [0-9]+ ms for 'echo' and was not begun$", reason.Message);
        Assert.Equal(1, host.Server.Statistics.Shed);
        _go.SetResult();
        Assert.Equal("first", await first.InTimeAsync());
        Assert.Equal(1, begun);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_call_that_the_caller_gives_up_is_cancelled_at_the_server(string kind)
    {
        Contract contract = new();
        TaskCompletionSource<bool> cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        RpcHandlers handlers = new RpcHandlers().On<string, string>(contract.Echo, async (_, context) =>
        {
            using CancellationTokenRegistration registration = context.Cancelled.Register(() => cancelled.TrySetResult(true));
            begun.TrySetResult();
            await cancelled.Task;
            throw new OperationCanceledException(context.Cancelled);
        }, new() { ConcurrencyMax = 1 });
        Host host = await ServeAsync(await ConnectAsync(kind), contract, handlers);
        RpcClient caller = await CallerAsync(await ConnectAsync(kind));
        using CancellationTokenSource first = new();
        using CancellationTokenSource second = new();

        Task running = caller.CallAsync(contract.Echo, RpcTarget.Any, "x", cancellationToken: first.Token);
        await begun.Task.InTimeAsync();
        Task waiting = caller.CallAsync(contract.Echo, RpcTarget.Any, "x", cancellationToken: second.Token);
        await Eventually.TrueAsync(() => host.Server.Statistics.Waiting == 1);
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.InTimeAsync());
        await Eventually.TrueAsync(() => host.Server.Statistics.Waiting == 0);
        await first.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.InTimeAsync());
        Assert.True(await cancelled.Task.InTimeAsync());
        await Eventually.TrueAsync(() => host.Server.Statistics is { Running: 0, Cancelled: 2, Begun: 1 });
        Assert.Equal(2, caller.Statistics.Cancelled);
        Assert.Equal(0, caller.Statistics.Strays);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_handler_that_goes_on_beyond_the_deadline_is_cancelled_and_the_caller_is_told(string kind)
    {
        Contract contract = new();
        Host host = await StuckAsync(kind, contract, new());
        RpcClient caller = await CallerAsync(await ConnectAsync(kind));

        RpcException reason = await FailsAsync(
            RpcCode.DeadlineExceeded, CallAsync(caller, contract.Echo, RpcTarget.Any, "x", TimeSpan.FromMilliseconds(50)));

        Assert.True(reason.MayHaveRun);
        await Eventually.TrueAsync(() => host.Server.Statistics is { TimedOut: 1, Running: 1 });
        _go.SetResult();
        await Eventually.TrueAsync(() => host.Server.Statistics.Running == 0);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_server_that_is_killed_in_the_middle_of_calls_costs_only_those(string kind)
    {
        Contract contract = new();
        Host dying = await StuckAsync(kind, contract, new());
        Host other = await ServeAsync(await ConnectAsync(kind), contract, new RpcHandlers()
            .On(contract.Echo, (_, _) => Task.FromResult("other"))
            .On(contract.Again, (_, _) => Task.FromResult("other")));
        FakeTimeProvider time = new();
        RpcClient caller = await CallerAsync(await ConnectAsync(kind, options => On(options, time)));
        dying.Keys.Add("k");
        Assert.Equal("quick", await CallAsync(caller, contract.Other, RpcTarget.Key("k"), "x"));
        Task<string> stuck = CallAsync(caller, contract.Echo, RpcTarget.Key("k"), "x", TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => dying.Server.Statistics.Running == 1);

        await dying.Bus.DisposeAsync();
        await GoneAsync(await CallerAsync(await ConnectAsync(kind)), contract, dying);
        other.Keys.Add("k");

        // The bus says that nobody is at the known address any more, so the call has not begun and all are asked.
        Assert.Equal("other", await CallAsync(caller, contract.Echo, RpcTarget.Key("k"), "x").InTimeAsync());
        Assert.Equal(1, caller.Statistics.Retries);
        Assert.False(stuck.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        RpcException lost = await FailsAsync(RpcCode.DeadlineExceeded, stuck);
        Assert.True(lost.MayHaveRun);
        _go.SetResult();
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_server_that_drains_ends_what_it_began_and_sends_the_rest_elsewhere(string kind)
    {
        Contract contract = new();
        Host leaving = await StuckAsync(kind, contract, new());
        RpcClient caller = await CallerAsync(await ConnectAsync(kind));
        Task<string> running = CallAsync(caller, contract.Echo, RpcTarget.Any, "x");
        await Eventually.TrueAsync(() => leaving.Server.Statistics.Running == 1);
        Host other = await ServeAsync(await ConnectAsync(kind), contract, new RpcHandlers().On(contract.Echo, (_, _) => Task.FromResult("other")));

        Task draining = leaving.Server.DrainAsync(Eventually.Deadline, Cancelled);
        string[] replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TryAsync(caller, contract))).InTimeAsync();
        Assert.Contains("other", replies);
        Assert.DoesNotContain("x", replies);
        _go.SetResult();

        // The bus has the answers when it returns: the client may be closed at once.
        await draining.InTimeAsync();
        Assert.Equal(0, leaving.Bus.Statistics.Subscriptions);

        // And it knows that nobody is there any more: what comes later is not lost with the client.
        await FailsAsync(RpcCode.Unavailable, CallAsync(caller, contract.Echo, RpcTarget.At(leaving.Server.Address), "x"));
        await leaving.Bus.DisposeAsync();
        Assert.Equal("x", await running.InTimeAsync());
        Assert.Equal("other", await CallAsync(caller, contract.Echo, RpcTarget.Any, "x").InTimeAsync());
        Assert.NotEqual(0, other.Server.Statistics.Begun);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_connection_that_is_closed_fails_what_waits(string kind)
    {
        Contract contract = new();
        await StuckAsync(kind, contract, new());
        BusClient bus = await ConnectAsync(kind);
        RpcClient caller = await CallerAsync(bus);
        Task<string> call = CallAsync(caller, contract.Echo, RpcTarget.Any, "x");

        await bus.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.InTimeAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => CallAsync(caller, contract.Echo, RpcTarget.Any, "x").InTimeAsync());
        Assert.Equal(0, caller.Statistics.Pending);
        _go.SetResult();
    }

    [Fact]
    public async Task A_caller_refuses_calls_beyond_its_bounds()
    {
        Contract contract = new();
        BusClient bus = await ConnectToAsync((await _servers.GetAsync(ServerKinds.Causeway)).Url);
        await StuckAsync(ServerKinds.Causeway, contract, new());
        RpcClient caller = await CallerAsync(bus, Patient with { PendingCallsMax = 2 });
        Task<string>[] calls = [.. Enumerable.Range(0, 2).Select(_ => CallAsync(caller, contract.Echo, RpcTarget.Any, "x"))];

        RpcException reason = await FailsAsync(RpcCode.Overloaded, CallAsync(caller, contract.Echo, RpcTarget.Any, "x"));

        Assert.False(reason.MayHaveRun);
        Assert.StartsWith($"{contract.Service.Name}.echo (Any): 2 calls with 2 bytes wait", reason.Message, StringComparison.Ordinal);
        Assert.Equal(1, caller.Statistics.Refused);
        _go.SetResult();
        await Task.WhenAll(calls).InTimeAsync();
    }

    /// <summary>Waits until the bus has noticed that a server is gone.</summary>
    private static async Task GoneAsync(RpcClient caller, Contract contract, Host host)
    {
        RpcCode code = RpcCode.DeadlineExceeded;
        for (int tries = 0; tries < 100 && code == RpcCode.DeadlineExceeded; tries++)
        {
            RpcTarget target = RpcTarget.At(host.Server.Address);
            RpcException failure = await Assert.ThrowsAsync<RpcException>(() => CallAsync(caller, contract.Other, target, "x", TimeSpan.FromMilliseconds(200)));
            code = failure.Code;
        }

        Assert.Equal(RpcCode.Unavailable, code);
    }

    private static async Task<string> TryAsync(RpcClient caller, Contract contract)
    {
        try
        {
            return await CallAsync(caller, contract.Echo, RpcTarget.Any, "x");
        }
        catch (RpcException refused) when (!refused.MayHaveRun)
        {
            return "refused";
        }
    }

    private async Task<Host> StuckAsync(string kind, Contract contract, RpcMethodOptions options) =>
        await ServeAsync(await ConnectAsync(kind), contract, new RpcHandlers()
            .On(contract.Echo, async (text, _) =>
            {
                await _go.Task;
                return text;
            }, options)
            .On(contract.Other, (_, _) => Task.FromResult("quick")));
}

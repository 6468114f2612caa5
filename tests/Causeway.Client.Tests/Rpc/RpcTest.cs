using Causeway.Client.Rpc;
using Causeway.Client.Serialization;
using Causeway.Client.Tests.Servers;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Client.Tests.Rpc;

/// <summary>What tests of RPC over servers share: a contract, callers and servers that are closed at the end, and counts of messages.</summary>
public abstract class RpcTest(SharedServers servers) : ServerTest(servers)
{
    private static int _services;

    private readonly Stack<IAsyncDisposable> _open = new();

    /// <summary>A service that no other test uses.</summary>
    internal sealed class Contract
    {
        public Contract()
        {
            Service = new RpcService($"test{Interlocked.Increment(ref _services)}");
            Echo = Service.Method("echo", Text, Text);
            Other = Service.Method("other", Text, Text);
            Again = Service.Method("again", Text, Text, idempotent: true);
            Chat = Service.Stream("chat", Text, Text);
        }

        public static IMessageSerializer<string> Text => MessageSerializers.Utf8;

        public RpcService Service { get; }

        public RpcMethod<string, string> Echo { get; }

        public RpcMethod<string, string> Other { get; }

        public RpcMethod<string, string> Again { get; }

        public RpcStreamMethod<string, string> Chat { get; }
    }

    /// <summary>A server of a contract, with the client that is its own.</summary>
    internal sealed record Host(BusClient Bus, RpcServer Server, RpcHost Keys) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    /// <summary>Long enough that no test is decided by how busy the machine is.</summary>
    internal static RpcLimits Patient { get; } = new()
    {
        CallTimeout = Eventually.Deadline,
        ClaimTimeout = Eventually.Deadline,
        ClaimNotice = Eventually.Deadline / 2,
        StreamKeepAlive = Eventually.Deadline,
        StreamGoneAfter = Eventually.Deadline * 3,
    };

    protected override async ValueTask CloseAsync()
    {
        while (_open.TryPop(out IAsyncDisposable? open))
        {
            await open.DisposeAsync();
        }

        await base.CloseAsync();
    }

    internal async Task<RpcClient> CallerAsync(BusClient bus, RpcLimits? limits = null) => Closed(await RpcClient.OpenAsync(bus, limits ?? Patient, Cancelled));

    internal async Task<Host> ServeAsync(BusClient bus, Contract contract, RpcHandlers handlers, RpcLimits? limits = null)
    {
        RpcServer server = await RpcServer.OpenAsync(bus, limits ?? Patient, Cancelled);
        return Closed(new Host(bus, server, await server.ServeAsync(contract.Service, handlers, Cancelled)));
    }

    /// <summary>Messages that clients published and got, once all that was under way has arrived.</summary>
    internal static async Task<(long Published, long Delivered)> CountAsync(params BusClient[] clients)
    {
        (long, long) before;
        (long, long) now = (-1, -1);
        do
        {
            before = now;
            foreach (BusClient client in clients)
            {
                await client.FlushAsync(Cancelled);
            }

            now = (clients.Sum(client => client.Statistics.MessagesOut), clients.Sum(client => client.Statistics.MessagesIn));
        }
        while (now != before);
        return now;
    }

    /// <summary>
    /// Lets time go on until each server has told the others of itself so many times more, and all know all. Then no time passes: however
    /// busy the machine is, nobody is taken for silent.
    /// </summary>
    internal static async Task AnnounceAsync(FakeTimeProvider time, IReadOnlyList<Host> hosts, int times = 2)
    {
        long[] told = [.. hosts.Select(host => host.Server.Statistics.Announcements)];
        await Eventually.TrueAsync(() =>
        {
            bool areKnown = hosts.Zip(told).All(pair => pair.First.Server.Statistics is var now && now.Announcements >= pair.Second + times && now.Members == hosts.Count - 1);
            if (!areKnown)
            {
                time.Advance(TimeSpan.FromSeconds(1));
            }

            return areKnown;
        });
        await CountAsync([.. hosts.Select(host => host.Bus)]);
    }

    /// <summary>The clock of a client is the test's; that of its connection goes with it, and must not find the server silent.</summary>
    internal static BusClientOptions On(BusClientOptions options, FakeTimeProvider time) => options with { TimeProvider = time, PingInterval = TimeSpan.FromDays(1) };

    internal static Task<string> CallAsync(
        RpcClient caller, RpcMethod<string, string> method, RpcTarget target, string text, TimeSpan? timeout = null) =>
        caller.CallAsync(method, target, text, timeout, Cancelled);

    internal static Task<RpcStream<string, string>> OpenAsync(RpcClient caller, RpcStreamMethod<string, string> method, RpcTarget target) =>
        caller.OpenStreamAsync(method, target, cancellationToken: Cancelled);

    internal static async Task<RpcException> FailsAsync(RpcCode code, Task call)
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call.InTimeAsync());
        Assert.Equal(code, failure.Code);
        return failure;
    }

    private T Closed<T>(T open)
        where T : IAsyncDisposable
    {
        _open.Push(open);
        return open;
    }
}

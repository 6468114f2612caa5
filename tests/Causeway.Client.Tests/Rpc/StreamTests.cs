using Causeway.Client.Rpc;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Rpc;

/// <summary>Streams over real servers.</summary>
public sealed class StreamTests(SharedServers servers) : RpcTest(servers)
{
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Values_go_both_ways_in_order_and_both_ends_are_seen(string kind)
    {
        Contract contract = new();
        Host host = await ServeAsync(await ConnectAsync(kind), contract, new RpcHandlers().On(contract.Chat, async (stream, context) =>
        {
            Assert.Equal("k", context.Key);
            await foreach (string text in stream)
            {
                await stream.WriteAsync($"re:{text}");
            }

            await stream.WriteAsync("bye");
        }));
        host.Keys.Add("k");
        RpcClient caller = await CallerAsync(await ConnectAsync(kind));
        await using RpcStream<string, string> stream = await OpenAsync(caller, contract.Chat, RpcTarget.Key("k"));
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < 2000; i++)
            {
                await stream.WriteAsync($"{i}", Cancelled);
            }

            stream.Complete();
        }, Cancelled);

        List<string> replies = await ReadAsync(stream).InTimeAsync();

        await writing.InTimeAsync();
        Assert.Equal([.. Enumerable.Range(0, 2000).Select(i => $"re:{i}"), "bye"], replies);
        await Assert.ThrowsAsync<RpcException>(async () => await stream.WriteAsync("late", Cancelled));
        await Eventually.TrueAsync(() => host.Server.Statistics is { Running: 0, Streams: { Opened: 1, Failed: 0, ValuesIn: 2000, ValuesOut: 2001 } });
        await Eventually.TrueAsync(() => caller.Statistics.OpenStreams == 0);
        Assert.InRange(host.Server.Statistics.Streams.ArrivedMessagesPeak, 1, Patient.StreamWindowMessages);
    }

    [Fact]
    public async Task A_caller_opens_no_more_streams_than_it_may()
    {
        Contract contract = new();
        await ServeAsync(await ConnectAsync(ServerKinds.Causeway), contract, new RpcHandlers().On(contract.Chat, async (stream, _) =>
        {
            await foreach (string text in stream)
            {
            }
        }));
        RpcClient caller = await CallerAsync(await ConnectAsync(ServerKinds.Causeway), Patient with { OpenStreamsMax = 2 });
        RpcStream<string, string>[] streams = [await OpenAsync(caller, contract.Chat, RpcTarget.Any), await OpenAsync(caller, contract.Chat, RpcTarget.Any)];

        RpcException reason = await FailsAsync(RpcCode.Overloaded, OpenAsync(caller, contract.Chat, RpcTarget.Any));

        Assert.EndsWith("2 streams are open, more are not allowed at the same time", reason.Message, StringComparison.Ordinal);
        Assert.Equal((1, 2), (caller.Statistics.Refused, caller.Statistics.OpenStreams));
        await streams[0].DisposeAsync();
        await Eventually.TrueAsync(() => caller.Statistics.OpenStreams == 1);
        await using RpcStream<string, string> next = await OpenAsync(caller, contract.Chat, RpcTarget.Any);
        await streams[1].DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_stream_takes_two_messages_to_open_and_two_to_end_and_a_credit_for_half_a_window(string kind)
    {
        const int Values = 1000;
        Contract contract = new();
        TaskCompletionSource read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Host host = await ServeAsync(await ConnectAsync(kind), contract, new RpcHandlers().On(contract.Chat, async (stream, _) =>
        {
            await foreach (string text in stream)
            {
            }
        }));
        BusClient bus = await ConnectAsync(kind);
        RpcClient caller = await CallerAsync(bus, Patient with { StreamWindowMessages = 100 });
        (long before, _) = await CountAsync(bus, host.Bus);

        RpcStream<string, string> stream = await OpenAsync(caller, contract.Chat, RpcTarget.Any);
        for (int i = 0; i < Values; i++)
        {
            await stream.WriteAsync("x", Cancelled);
        }

        stream.Complete();
        Assert.Empty(await ReadAsync(stream).InTimeAsync());
        (long after, _) = await CountAsync(bus, host.Bus);

        // The server's window is 256: credit at every 128 that it read, but none once it knows of the end.
        long credits = host.Server.Statistics.Streams.CreditsOut;
        Assert.InRange(credits, 6, Values / 128);
        Assert.Equal(2 + Values + 2 + credits, after - before);
        read.SetResult();
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_slow_reader_holds_up_the_writer_and_neither_side_holds_more_than_a_window(string kind)
    {
        Contract contract = new();
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        RpcLimits limits = Patient with { StreamWindowMessages = 10, StreamWindowBytes = 1000 };
        Host host = await ServeAsync(await ConnectAsync(kind), contract, new RpcHandlers().On(contract.Chat, async (stream, _) =>
        {
            await go.Task;
            await foreach (string text in stream)
            {
            }
        }), limits);
        RpcClient caller = await CallerAsync(await ConnectAsync(kind));
        await using RpcStream<string, string> small = await OpenAsync(caller, contract.Chat, RpcTarget.Any);
        await using RpcStream<string, string> large = await OpenAsync(caller, contract.Chat, RpcTarget.Any);

        Task writingSmall = WriteAsync(small, 100, 1);
        Task writingLarge = WriteAsync(large, 100, 400);
        await Eventually.TrueAsync(() => host.Server.Statistics.Streams.ValuesIn == 10 + 3);
        Assert.False(writingSmall.IsCompleted || writingLarge.IsCompleted);
        Assert.Equal(13, caller.Statistics.Streams.ValuesOut);
        go.SetResult();

        await writingSmall.InTimeAsync();
        await writingLarge.InTimeAsync();
        Assert.Empty(await ReadAsync(small).InTimeAsync());
        Assert.Empty(await ReadAsync(large).InTimeAsync());
        RpcStreamStatistics statistics = host.Server.Statistics.Streams;
        Assert.Equal(200, statistics.ValuesIn);
        Assert.Equal(10, statistics.ArrivedMessagesPeak);
        Assert.Equal(1200, statistics.ArrivedBytesPeak);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_side_that_ends_early_tells_the_other_why(string kind)
    {
        Contract contract = new();
        TaskCompletionSource<bool> cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Host host = await ServeAsync(await ConnectAsync(kind), contract, new RpcHandlers().On(contract.Chat, async (stream, context) =>
        {
            await foreach (string text in stream)
            {
                if (text == "throw")
                {
                    throw new RpcException(RpcCode.Refused, "enough");
                }

                using CancellationTokenRegistration registration = context.Cancelled.Register(() => cancelled.TrySetResult(true));
                await cancelled.Task;
            }
        }));
        RpcClient caller = await CallerAsync(await ConnectAsync(kind));

        await using RpcStream<string, string> thrown = await OpenAsync(caller, contract.Chat, RpcTarget.Any);
        await thrown.WriteAsync("throw", Cancelled);
        RpcException reason = await FailsAsync(RpcCode.Refused, ReadAsync(thrown));
        Assert.Equal("enough", reason.Message);

        RpcStream<string, string> disposed = await OpenAsync(caller, contract.Chat, RpcTarget.Any);
        await disposed.WriteAsync("wait", Cancelled);
        await Eventually.TrueAsync(() => host.Server.Statistics.Streams.ValuesIn == 2);
        await disposed.DisposeAsync();
        Assert.True(await cancelled.Task.InTimeAsync());
        await FailsAsync(RpcCode.Cancelled, ReadAsync(disposed));

        await Eventually.TrueAsync(() => host.Server.Statistics is { Running: 0, Streams.Failed: 2 });
        await Eventually.TrueAsync(() => caller.Statistics.OpenStreams == 0);
        await FailsAsync(RpcCode.Unimplemented, CallAsync(caller, contract.Service.Method("chat", Contract.Text, Contract.Text), RpcTarget.Any, "x"));
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_server_that_dies_ends_its_streams(string kind)
    {
        Contract contract = new();
        RpcLimits quick = Patient with { StreamKeepAlive = TimeSpan.FromMilliseconds(100), StreamGoneAfter = TimeSpan.FromSeconds(1) };
        TaskCompletionSource<RpcException> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Host host = await ServeAsync(await ConnectAsync(kind), contract, new RpcHandlers().On(contract.Chat, async (stream, _) =>
        {
            try
            {
                await ReadAsync(stream);
            }
            catch (RpcException gone)
            {
                seen.TrySetResult(gone);
            }
        }), quick);
        BusClient bus = await ConnectAsync(kind);
        RpcClient caller = await CallerAsync(bus, quick);
        await using RpcStream<string, string> first = await OpenAsync(caller, contract.Chat, RpcTarget.Any);

        // A caller that dies: the server hears nothing any more.
        await bus.DisposeAsync();
        Assert.Equal(RpcCode.Gone, (await seen.Task.InTimeAsync()).Code);

        // A server that dies: the bus says so at the next sign of life.
        RpcClient next = await CallerAsync(await ConnectAsync(kind), quick);
        await using RpcStream<string, string> second = await OpenAsync(next, contract.Chat, RpcTarget.Any);
        await host.Bus.DisposeAsync();
        await FailsAsync(RpcCode.Gone, ReadAsync(second));
        await Eventually.TrueAsync(() => next.Statistics.OpenStreams == 0);
    }

    private static async Task WriteAsync(RpcStream<string, string> stream, int values, int length)
    {
        for (int i = 0; i < values; i++)
        {
            await stream.WriteAsync(new string('x', length), Cancelled);
        }

        stream.Complete();
    }

    private static async Task<List<string>> ReadAsync(RpcStream<string, string> stream)
    {
        List<string> values = [];
        await foreach (string value in stream)
        {
            values.Add(value);
        }

        return values;
    }
}

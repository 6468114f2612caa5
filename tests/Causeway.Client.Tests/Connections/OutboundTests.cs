using System.Text;
using Causeway.Client.Connections;
using Xunit;

namespace Causeway.Client.Tests.Connections;

public sealed class OutboundTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void What_is_appended_is_taken_in_order_as_one_piece()
    {
        Outbound outbound = new(1000);
        Assert.True(outbound.TrySubscribe(1, "a", null, null));
        Assert.True(outbound.TryPublish("a", null, null, "x"u8));
        outbound.Pong();
        outbound.Unsubscribe(1);
        Assert.True(outbound.TryPing(new TaskCompletionSource()));

        Assert.Equal("SUB a 1\r\nPUB a 1\r\nx\r\nPONG\r\nUNSUB 1\r\nPING\r\n", Take(outbound));
        Assert.False(outbound.TryTake(out _, out _, out _));
        Assert.Equal((1, 1), outbound.Published);
    }

    [Fact]
    public async Task Beyond_the_bound_publishes_wait_and_small_answers_do_not()
    {
        Outbound outbound = new(100);
        Assert.True(outbound.TryPublish("a", null, null, new byte[300]));
        Assert.False(outbound.TryPublish("a", null, null, default));
        Assert.False(outbound.TrySubscribe(1, "a", null, null));
        Assert.False(outbound.TryPing(new TaskCompletionSource()));
        outbound.Pong();
        outbound.Unsubscribe(1);
        outbound.KeepAlive();

        Task room = outbound.RoomAsync(Cancelled);
        Assert.False(room.IsCompleted);
        Assert.EndsWith("PONG\r\nUNSUB 1\r\nPING\r\n", Take(outbound), StringComparison.Ordinal);
        await room;
        Assert.True(outbound.RoomAsync(Cancelled).IsCompleted);
        Assert.True(outbound.TryPublish("a", null, null, default));
        Assert.True(outbound.TryPublish("a", null, null, default));
        Assert.Equal(0, outbound.PendingBytes - "PUB a 0\r\n\r\n".Length * 2);
    }

    [Fact]
    public async Task A_lost_link_fails_the_pings_it_took_and_keeps_the_others()
    {
        Outbound outbound = new(1000);
        TaskCompletionSource sent = new();
        TaskCompletionSource kept = new();
        outbound.TryPing(sent);
        outbound.KeepAlive();
        Take(outbound);
        outbound.TryPing(kept);

        outbound.LinkLost(new BusConnectionException("lost"));
        await Assert.ThrowsAsync<BusConnectionException>(() => sent.Task);
        Assert.Equal(1, outbound.PendingPings);
        Assert.Equal("PING\r\n", Take(outbound));
        outbound.PongArrived();

        await kept.Task;
        outbound.PongArrived();
    }

    [Fact]
    public async Task Closing_fails_all_who_wait_and_all_who_come_later()
    {
        Outbound outbound = new(10);
        TaskCompletionSource ping = new();
        outbound.TryPing(ping);
        outbound.TryPublish("a", null, null, new byte[100]);
        Task room = outbound.RoomAsync(Cancelled);
        outbound.TryPublish("a", null, null, default);

        outbound.Close(new ObjectDisposedException("x"));
        outbound.Pong();
        outbound.KeepAlive();
        outbound.Unsubscribe(1);

        await room;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ping.Task);
        Assert.Throws<ObjectDisposedException>(() => outbound.TryPublish("a", null, null, default));
        Assert.Equal(0, outbound.PendingBytes + outbound.PendingPings);
    }

    [Fact]
    public async Task Many_threads_append_and_one_takes_without_loss()
    {
        const int Threads = 4;
        const int Each = 20_000;
        Outbound outbound = new(2000);
        Task appending = Parallel.ForAsync(0, Threads, Cancelled, async (thread, cancelled) =>
        {
            for (int i = 0; i < Each; i++)
            {
                while (!outbound.TryPublish($"t{thread}", null, null, Encoding.UTF8.GetBytes($"{i}")))
                {
                    await outbound.RoomAsync(cancelled);
                }
            }
        });

        int[] next = new int[Threads];
        while (next.Sum() < Threads * Each)
        {
            await outbound.ReadableAsync();
            while (outbound.TryTake(out byte[] buffer, out int length, out _))
            {
                Assert.InRange(length, 1, 2000);
                string[] lines = Encoding.UTF8.GetString(buffer, 0, length).Split("\r\n");
                for (int i = 0; i + 1 < lines.Length; i += 2)
                {
                    Assert.Equal($"{next[lines[i][5] - '0']++}", lines[i + 1]);
                }

                outbound.Recycle(buffer);
            }
        }

        await appending;
        Assert.Equal(0, outbound.PendingBytes);
    }

    private static string Take(Outbound outbound)
    {
        Assert.True(outbound.TryTake(out byte[] buffer, out int length, out _));
        string text = Encoding.UTF8.GetString(buffer, 0, length);
        outbound.Recycle(buffer);
        return text;
    }

    [Fact]
    public void Publishing_into_a_buffer_that_has_grown_allocates_nothing()
    {
        const int Messages = 1000;
        Outbound outbound = new(1024 * 1024);
        byte[] payload = new byte[16];
        List<long> allocated = new(10);
        for (int round = 0; round < 10; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Messages; i++)
            {
                Assert.True(outbound.TryPublish("a.subject", null, null, payload));
            }

            allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(outbound.TryTake(out byte[] buffer, out int length, out int commands));
            Assert.Equal(Messages, commands);
            Assert.Equal(Messages * "PUB a.subject 16\r\n0123456789abcdef\r\n".Length, length);
            outbound.Recycle(buffer);
        }

        // Once it has grown, and but for what the runtime may do on this thread at any moment.
        Assert.Equal(0, allocated.Skip(2).Min());
    }
}

using System.Globalization;
using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>A client that does not read is closed; the others do not lose a message by it.</summary>
public class SlowConsumerTests(ServerPool servers) : ServerTests(servers)
{
    private const int PayloadBytes = 32 * 1024;

    // More than the kernel's buffers of both ends and the server's pending bytes together can hold.
    private const int Messages = 800;
    private const int BatchMessages = 8;
    private const int SmallestReceiveBuffer = 4096;

    private static readonly ServerOptions SmallPending = new() { MaxPendingBytes = 8 * 1024 * 1024 };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [OnEveryServer]
    public async Task Is_closed_without_a_word_and_others_get_everything(ServerKind kind)
    {
        await using ServerProcess server = await StartAsync(kind, SmallPending);
        await using RawConnection slow = await RawConnection.ConnectAsync(
            server, receiveBufferBytes: SmallestReceiveBuffer);
        await using RawConnection reader = await RawConnection.ConnectAsync(server);
        await using RawConnection publisher = await RawConnection.ConnectAsync(server);
        await slow.ExchangeAsync("SUB flood 1\r\n");
        await reader.ExchangeAsync("SUB flood 1\r\n");

        await PublishAtTheReadersPaceAsync(publisher, reader);
        Assert.Equal(string.Empty, await publisher.FlushAsync());

        // Only now it reads what it was sent before: messages in order, but not all, and then the end.
        int received = await CountUntilCloseAsync(slow);
        Assert.InRange(received, 1, Messages - 1);
        Assert.Equal("MSG flood 1 1\r\nx\r\n", await reader.ExchangeAsync("PUB flood 1\r\nx\r\n"));
    }

    /// <summary>In batches well below the pending limit, so that the reader is never slow itself.</summary>
    private static async Task PublishAtTheReadersPaceAsync(RawConnection publisher, RawConnection reader)
    {
        string filling = new('x', PayloadBytes - 4);
        foreach (int[] batch in Enumerable.Range(0, Messages).Chunk(BatchMessages))
        {
            foreach (int number in batch)
            {
                await publisher.SendAsync($"PUB flood {PayloadBytes}\r\n{number:0000}{filling}\r\n");
            }

            foreach (int number in batch)
            {
                Assert.Equal(number, NumberOf((await reader.ReadFrameAsync(Patience))!));
            }
        }
    }

    private static async Task<int> CountUntilCloseAsync(RawConnection connection)
    {
        int count = 0;
        while (await connection.ReadFrameOrCutAsync(Patience) is { } frame)
        {
            Assert.Equal(count, NumberOf(frame));
            count++;
        }

        return count;
    }

    private static int NumberOf(string frame)
    {
        Assert.StartsWith("MSG flood 1 ", frame, StringComparison.Ordinal);
        int payload = frame.IndexOf("\r\n", StringComparison.Ordinal) + 2;
        return int.Parse(frame.AsSpan(payload, 4), CultureInfo.InvariantCulture);
    }
}

using Causeway.Client.Delivery;
using Causeway.Client.Protocol;
using Causeway.Client.Transport;

namespace Causeway.Client.Connections;

/// <summary>One connection to a server after its handshake, with the loops that read, write and probe it until one of them fails.</summary>
internal sealed class Link(ServerAddress address, ServerInfo info, ITransport transport, ReceiveBuffer received)
{
    // How much of the subscriptions to renew is encoded before it is sent.
    private const int RenewalBytes = 64 * 1024;

    // When writing fails the server often has said why: so long its last words are read before the socket is closed.
    private static readonly TimeSpan LastWordsMax = TimeSpan.FromMilliseconds(500);

    private long _bytesReceived;

    public ServerAddress Address => address;

    /// <summary>What the server said at the handshake.</summary>
    public ServerInfo Info => info;

    /// <summary>Closes a link that never ran.</summary>
    public void Abandon()
    {
        transport.Dispose();
        received.Dispose();
    }

    /// <summary>Runs until the link breaks, the server misbehaves or the token is cancelled; returns why. The socket is closed then.</summary>
    /// <param name="events">Told what arrives.</param>
    /// <param name="outbound">What is to be sent.</param>
    /// <param name="renewed">The subscriptions to tell the server about before all else.</param>
    /// <param name="options">The client's options.</param>
    /// <param name="closing">Cancelled when the client closes.</param>
    public async Task<Exception> RunAsync<TEvents>(
        TEvents events, Outbound outbound, IEnumerable<SubscriptionEntry> renewed, BusClientOptions options, CancellationToken closing)
        where TEvents : IServerEvents
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(closing);

        // Each on a thread of its own to begin with: a busy socket completes at once for long, and the other loop would wait.
        Task reader = Task.Run(() => ReadAsync(events, ended.Token), CancellationToken.None);
        Task writer = Task.Run(() => WriteAsync(outbound, renewed, ended.Token), CancellationToken.None);
        Task keeper = KeepAliveAsync(outbound, options, ended.Token);
        Task first = await Task.WhenAny(reader, writer, keeper).ConfigureAwait(false);
        if (first == writer && !closing.IsCancellationRequested)
        {
            await Task.WhenAny(reader, Task.Delay(LastWordsMax, CancellationToken.None)).ConfigureAwait(false);
        }

        await ended.CancelAsync().ConfigureAwait(false);
        transport.Dispose();
        outbound.WakeWriter();
        await Task.WhenAll(reader, writer, keeper).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        received.Dispose();
        return first.Exception?.InnerException ?? new OperationCanceledException(closing);
    }

    private async Task ReadAsync<TEvents>(TEvents events, CancellationToken ended)
        where TEvents : IServerEvents
    {
        while (!ended.IsCancellationRequested)
        {
            // Not cancelled by the token: closing the socket ends it, and costs nothing per receive.
            int count = await transport.ReceiveAsync(received.Free(), CancellationToken.None).ConfigureAwait(false);
            if (count == 0)
            {
                throw new EndOfStreamException();
            }

            Volatile.Write(ref _bytesReceived, _bytesReceived + count);
            received.Received(count, ref events);
        }
    }

    private async Task WriteAsync(Outbound outbound, IEnumerable<SubscriptionEntry> renewed, CancellationToken ended)
    {
        await RenewAsync(renewed).ConfigureAwait(false);
        bool isShared = false;
        while (!ended.IsCancellationRequested)
        {
            if (!outbound.TryTake(out byte[] buffer, out int length, out int commands))
            {
                await outbound.ReadableAsync().ConfigureAwait(false);
                if (isShared)
                {
                    // Behind what the pool has to do already: whoever is about to publish gets into the same send. Who publishes alone does not wait.
                    await Task.Yield();
                }

                continue;
            }

            isShared = commands > 1;
            await SendAsync(buffer.AsMemory(0, length)).ConfigureAwait(false);
            outbound.Recycle(buffer);
        }
    }

    private async Task RenewAsync(IEnumerable<SubscriptionEntry> renewed)
    {
        byte[] buffer = [];
        int length = 0;
        foreach (SubscriptionEntry entry in renewed)
        {
            int bound = CommandEncoder.SubscribeBound(entry.Subject, entry.QueueGroup);
            if (length > 0 && length + bound > buffer.Length)
            {
                await SendAsync(buffer.AsMemory(0, length)).ConfigureAwait(false);
                length = 0;
            }

            if (buffer.Length < bound)
            {
                buffer = new byte[Math.Max(bound, RenewalBytes)];
            }

            length += CommandEncoder.WriteSubscribe(
                buffer.AsSpan(length), entry.Sid, entry.Subject, entry.QueueGroup, entry.Remaining);
        }

        await SendAsync(buffer.AsMemory(0, length)).ConfigureAwait(false);
    }

    private async Task KeepAliveAsync(Outbound outbound, BusClientOptions options, CancellationToken ended)
    {
        long seen = 0;
        bool pinged = false;
        int unanswered = 0;
        while (true)
        {
            await Task.Delay(options.PingInterval, options.TimeProvider, ended).ConfigureAwait(false);

            // Any byte is a sign of life: a PONG may stand in line behind many messages.
            long now = Volatile.Read(ref _bytesReceived);
            unanswered = pinged && now == seen ? unanswered + 1 : 0;
            if (unanswered >= ClientLimits.UnansweredPingsMax)
            {
                throw new IOException("the server does not answer");
            }

            seen = now;
            pinged = true;
            outbound.KeepAlive();
        }
    }

    private ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => transport.SendAsync(bytes, CancellationToken.None);
}

using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Causeway.Shaper;

/// <summary>One direction of one connection: reads from a socket, and writes to the other what has arrived.</summary>
internal sealed class Pump : IDisposable
{
    private readonly Socket _from;
    private readonly Socket _to;
    private readonly LinkDirection _direction;
    private readonly LinkDirection _opposite;
    private readonly Action _reset;
    private readonly CancellationToken _cancellation;
    private readonly SemaphoreSlim _space = new(0);
    private readonly Channel<Chunk> _underWay = Channel.CreateUnbounded<Chunk>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private long _held;
    private long _lastArrival;
    private volatile bool _lost;

    /// <param name="from">Where to read.</param>
    /// <param name="to">Where to write.</param>
    /// <param name="direction">The conditions.</param>
    /// <param name="opposite">The way on which a failure to write would be told.</param>
    /// <param name="reset">Resets the connection.</param>
    /// <param name="cancellation">Ends both loops.</param>
    public Pump(Socket from, Socket to, LinkDirection direction, LinkDirection opposite, Action reset, CancellationToken cancellation)
    {
        _from = from;
        _to = to;
        _direction = direction;
        _opposite = opposite;
        _reset = reset;
        _cancellation = cancellation;
    }

    /// <summary>Bytes or an end were dropped, so that nothing may be delivered any more.</summary>
    public bool Lost => _lost;

    /// <summary>Runs until the sender's end has arrived, or the connection is reset.</summary>
    public Task RunAsync() => Task.WhenAll(ReadAsync(), WriteAsync());

    /// <summary>Gives back what is still under way; only once it no longer runs.</summary>
    public void Dispose()
    {
        while (_underWay.Reader.TryRead(out Chunk chunk))
        {
            Release(chunk);
        }

        _space.Dispose();
    }

    private async Task ReadAsync()
    {
        await Task.Yield();
        while (true)
        {
            await SpaceAsync().ConfigureAwait(false);
            int chunkBytes = _direction.ChunkBytes;
            byte[] buffer = ArrayPool<byte>.Shared.Rent(chunkBytes);
            int received = await ReceiveAsync(buffer.AsMemory(0, chunkBytes)).ConfigureAwait(false);
            if (received > 0)
            {
                _direction.CountReceived(received);
            }

            if (_direction.Flow == Flow.Swallow || _lost)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                Lose(Math.Max(0, received));
                if (received <= 0)
                {
                    return;
                }

                continue;
            }

            Interlocked.Add(ref _held, Math.Max(0, received));
            _lastArrival = Math.Max(_lastArrival, _direction.Take(Math.Max(0, received)));
            if (received <= 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                _underWay.Writer.TryWrite(new Chunk(null, 0, _lastArrival, Reset: received < 0));
                return;
            }

            _underWay.Writer.TryWrite(new Chunk(buffer, received, _lastArrival, Reset: false));
        }
    }

    /// <summary>Reads once there is something and no stall; 0 at the end, negative at a reset.</summary>
    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        try
        {
            // Without a buffer it only waits, so that what comes in a stall stays in the kernel.
            await _from.ReceiveAsync(Memory<byte>.Empty, _cancellation).ConfigureAwait(false);
            await _direction.WhileStalledAsync(_cancellation).ConfigureAwait(false);
            return await _from.ReceiveAsync(buffer, _cancellation).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            await _direction.WhileStalledAsync(_cancellation).ConfigureAwait(false);
            return -1;
        }
    }

    private async ValueTask SpaceAsync()
    {
        await _direction.WhileStalledAsync(_cancellation).ConfigureAwait(false);
        while (Volatile.Read(ref _held) + _direction.ChunkBytes > Math.Max(_direction.ConnectionBytes, _direction.ChunkBytes))
        {
            await _space.WaitAsync(_cancellation).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync()
    {
        await Task.Yield();
        while (true)
        {
            await _underWay.Reader.WaitToReadAsync(_cancellation).ConfigureAwait(false);
            if (!_underWay.Reader.TryPeek(out Chunk chunk))
            {
                continue;
            }

            await ArriveAsync(chunk.Arrival, _cancellation).ConfigureAwait(false);
            await _direction.WhileStalledAsync(_cancellation).ConfigureAwait(false);
            if (_direction.Flow == Flow.Swallow || _lost)
            {
                Lose(chunk.Length);
            }
            else if (chunk.Buffer is null)
            {
                End(chunk.Reset);
                return;
            }
            else
            {
                await SendAsync(chunk).ConfigureAwait(false);
            }

            _underWay.Reader.TryRead(out _);
            Release(chunk);
            if (_space.CurrentCount == 0)
            {
                _space.Release();
            }
        }
    }

    private async ValueTask SendAsync(Chunk chunk)
    {
        try
        {
            int sent = 0;
            while (sent < chunk.Length)
            {
                int count = await _to.SendAsync(chunk.Buffer.AsMemory(sent, chunk.Length - sent), _cancellation).ConfigureAwait(false);
                _direction.CountDelivered(count);
                sent += count;
            }
        }
        catch (SocketException)
        {
            Refused();
        }
    }

    private void End(bool reset)
    {
        if (reset)
        {
            _reset();
            return;
        }

        try
        {
            _to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            Refused();
        }
    }

    /// <summary>The receiver is gone, which the sender learns only if that way passes.</summary>
    private void Refused()
    {
        _lost = true;
        if (_opposite.Flow != Flow.Swallow)
        {
            _reset();
        }
    }

    /// <summary>Drops bytes, or an end. Where the direction passes again by now, the connection's end is due.</summary>
    private void Lose(int bytes)
    {
        _lost = true;
        _direction.CountSwallowed(bytes);
        if (_direction.Flow == Flow.Pass && _opposite.Flow != Flow.Swallow)
        {
            _reset();
        }
    }

    private void Release(Chunk chunk)
    {
        if (chunk.Buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(chunk.Buffer);
        }

        Interlocked.Add(ref _held, -chunk.Length);
        _direction.Release(chunk.Length);
    }

    /// <summary>Waits until a timestamp, never less.</summary>
    internal static async ValueTask ArriveAsync(long arrival, CancellationToken cancellation)
    {
        long left;
        while ((left = arrival - Stopwatch.GetTimestamp()) > 0)
        {
            double milliseconds = Math.Ceiling(left * 1000.0 / Stopwatch.Frequency);
            await Task.Delay((int)Math.Min(milliseconds, int.MaxValue), cancellation).ConfigureAwait(false);
        }
    }
}

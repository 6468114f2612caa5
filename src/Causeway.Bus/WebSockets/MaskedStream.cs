using System.Net.WebSockets;
using Causeway.Core.WebSockets;

namespace Causeway.Bus.WebSockets;

/// <summary>
/// What a client sends, on its way to the codec. That takes frames without a mask for good: here they end the connection. And it gives the whole
/// connection up when a client ends its half without a word, as programs do that still wait for answers: here that is a close frame, as
/// nats-server takes it. One reader and one writer at a time.
/// </summary>
/// <param name="inner">The connection beneath.</param>
internal sealed class MaskedStream(Stream inner) : Stream
{
    /// <summary>A close frame with the code 1000, its mask being zeros.</summary>
    private static readonly byte[] CloseFrame = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8];

    private readonly MaskCheck _check = new();
    private int _closeTaken;

    /// <summary>Called once if a frame has no mask, before the read that met it fails.</summary>
    public Func<Task>? Refuse { get; set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads from the connection. Throws <see cref="WebSocketException"/> if a frame in it has no mask.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (read == 0 && _check.IsBetweenFrames)
        {
            // Nothing, where there is no room: that read only asks whether there is something.
            int taken = Math.Min(buffer.Length, CloseFrame.Length - _closeTaken);
            CloseFrame.AsMemory(_closeTaken, taken).CopyTo(buffer);
            _closeTaken += taken;
            return taken;
        }

        if (!_check.TryTake(buffer.Span[..read]))
        {
            await (Refuse?.Invoke() ?? Task.CompletedTask).ConfigureAwait(false);
            throw new WebSocketException(WebSocketError.Faulted, MaskCheck.Fault);
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

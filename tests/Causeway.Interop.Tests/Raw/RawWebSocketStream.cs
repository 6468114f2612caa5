using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Causeway.Interop.Tests.Raw;

/// <summary>
/// The client's end of a WebSocket as a stream: what is written goes out as one binary message, what is read is what messages hold. A close
/// of either kind is the end.
/// </summary>
public sealed class RawWebSocketStream(Stream beneath) : Stream
{
    private const string Request =
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private byte[] _payload = [];
    private int _taken;

    /// <summary>The code that the server closed with; null as long as it did not.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>What it said with it.</summary>
    public string CloseReason { get; private set; } = "";

    /// <summary>The pongs that have come.</summary>
    public List<string> Pongs { get; } = [];

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Asks for the WebSocket and takes the answer.</summary>
    public async Task UpgradeAsync(CancellationToken deadline)
    {
        await beneath.WriteAsync(Encoding.ASCII.GetBytes(Request), deadline);
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await beneath.ReadExactlyAsync(one, deadline);
            head.Append((char)one[0]);
        }

        Assert.StartsWith("HTTP/1.1 101 ", head.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Sends frames, in one piece.</summary>
    public async Task SendAsync(IEnumerable<WebSocketFrame> frames, CancellationToken deadline) =>
        await beneath.WriteAsync(frames.SelectMany(frame => frame.ToBytes()).ToArray(), deadline);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_taken == _payload.Length)
        {
            if (CloseCode is not null || !await ReadFrameAsync(cancellationToken))
            {
                return 0;
            }
        }

        int count = Math.Min(buffer.Length, _payload.Length - _taken);
        _payload.AsMemory(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await beneath.WriteAsync(new WebSocketFrame(WebSocketOpcode.Binary, buffer.ToArray()).ToBytes(), cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Takes the next frame; false if the connection has ended.</summary>
    private async Task<bool> ReadFrameAsync(CancellationToken deadline)
    {
        byte[] head = new byte[8];
        try
        {
            if (await beneath.ReadAtLeastAsync(head.AsMemory(0, 2), 2, throwOnEndOfStream: false, deadline) < 2)
            {
                return false;
            }

            Assert.True((head[0] & 0x70) == 0 && (head[1] & 0x80) == 0, "A server's frame has reserved bits or a mask.");
            (WebSocketOpcode opcode, long length) = ((WebSocketOpcode)(head[0] & 0x0F), head[1]);
            if (length > 125)
            {
                int bytes = length == 126 ? 2 : 8;
                Array.Clear(head);
                await beneath.ReadExactlyAsync(head.AsMemory(8 - bytes), deadline);
                length = BinaryPrimitives.ReadInt64BigEndian(head);
            }

            byte[] payload = new byte[length];
            await beneath.ReadExactlyAsync(payload, deadline);
            Take(opcode, payload);
            return true;
        }
        catch (Exception fault) when (fault is EndOfStreamException or IOException { InnerException: SocketException })
        {
            return false;
        }
    }

    private void Take(WebSocketOpcode opcode, byte[] payload)
    {
        switch (opcode)
        {
            case WebSocketOpcode.Close:
                CloseCode = payload.Length < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(payload);
                CloseReason = Encoding.UTF8.GetString(payload.AsSpan(Math.Min(2, payload.Length)));
                break;
            case WebSocketOpcode.Pong:
                Pongs.Add(Encoding.Latin1.GetString(payload));
                break;
            case WebSocketOpcode.Binary or WebSocketOpcode.Continuation:
                _payload = payload;
                _taken = 0;
                break;
            default:
                Assert.Fail($"The server sent a frame with opcode {opcode}.");
                break;
        }
    }
}

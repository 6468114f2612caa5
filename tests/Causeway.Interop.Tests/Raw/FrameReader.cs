using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Causeway.Interop.Tests.Raw;

/// <summary>Cuts what a server sends into frames: a line, with the payload that a MSG or HMSG line announces.</summary>
public sealed class FrameReader(Stream stream)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Whether the server may close in the middle of a frame.</summary>
    public bool AllowsCut { get; set; }

    /// <summary>The next whole frame, one character per byte, or null when the server has closed.</summary>
    public async Task<string?> ReadAsync(CancellationToken deadline)
    {
        while (true)
        {
            if (FrameLength() is { } length)
            {
                string frame = Encoding.Latin1.GetString(_buffer, _start, length);
                _start += length;
                return frame;
            }

            if (!await FillAsync(deadline))
            {
                Assert.True(AllowsCut || _start == _end, $"The server closed in the middle of a frame: {Pending()}");
                return null;
            }
        }
    }

    private int? FrameLength()
    {
        ReadOnlySpan<byte> pending = _buffer.AsSpan(_start, _end - _start);
        int lineEnd = pending.IndexOf("\r\n"u8);
        if (lineEnd < 0)
        {
            return null;
        }

        int lineLength = lineEnd + 2;
        ReadOnlySpan<byte> line = pending[..lineEnd];
        if (!line.StartsWith("MSG "u8) && !line.StartsWith("HMSG "u8))
        {
            return lineLength;
        }

        int payloadBytes = int.Parse(line[(line.LastIndexOf((byte)' ') + 1)..], CultureInfo.InvariantCulture);
        int frameLength = lineLength + payloadBytes + 2;
        if (pending.Length < frameLength)
        {
            return null;
        }

        Assert.True(pending[(frameLength - 2)..frameLength].SequenceEqual("\r\n"u8), "A payload does not end with CRLF.");
        return frameLength;
    }

    private async Task<bool> FillAsync(CancellationToken deadline)
    {
        MakeRoom();
        try
        {
            int received = await stream.ReadAsync(_buffer.AsMemory(_end), deadline);
            _end += received;
            return received > 0;
        }
        catch (IOException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // A close with unread input resets the connection; that is a close to the client too.
            return false;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The server sent no whole frame in time; pending: {Pending()}");
        }
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    private string Pending()
    {
        const int ShownBytesMax = 200;
        int length = Math.Min(_end - _start, ShownBytesMax);
        return length == 0 ? "nothing" : Encoding.Latin1.GetString(_buffer, _start, length);
    }
}

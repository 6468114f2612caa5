using System.Buffers.Text;
using System.Text;

namespace Causeway.Compare.Regions;

/// <summary>What a server sends, cut into lines and messages wherever the reads fall; cheap enough for some 100,000 messages a second.</summary>
internal sealed class ServerStream(ServerStream.OnMessage onMessage, Action<string> onLine)
{
    private const int Bytes = 512 * 1024;
    private const int LineEnd = 2;

    private readonly byte[] _buffer = new byte[Bytes];
    private int _filled;

    /// <summary>Gets a message; both only last until it returns.</summary>
    public delegate void OnMessage(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload);

    /// <summary>Where to receive into; what came is told to <see cref="Received"/>.</summary>
    public Span<byte> Room => _buffer.AsSpan(_filled);

    /// <summary>Handles all that is whole. Throws <see cref="CompareException"/> at a line or message that the buffer can't hold.</summary>
    public void Received(int bytes)
    {
        _filled += bytes;
        int done = 0;
        while (HandleNext(_buffer.AsSpan(done, _filled - done)) is var length && length > 0)
        {
            done += length;
        }

        _buffer.AsSpan(done, _filled - done).CopyTo(_buffer);
        _filled -= done;
        if (_filled == Bytes)
        {
            throw new CompareException($"a server sent a line or message of more than {Bytes} bytes");
        }
    }

    /// <summary>Handles the line or message at the beginning and returns its length, 0 if it isn't whole.</summary>
    private int HandleNext(ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return 0;
        }

        ReadOnlySpan<byte> line = rest[..end];
        int after = end + LineEnd;
        if (!line.StartsWith("MSG "u8))
        {
            onLine(Encoding.Latin1.GetString(line));
            return after;
        }

        ReadOnlySpan<byte> subject = line[4..];
        subject = subject[..subject.IndexOf((byte)' ')];
        if (!Utf8Parser.TryParse(line[(line.LastIndexOf((byte)' ') + 1)..], out int size, out _))
        {
            throw new CompareException($"a server sent a message without a size: {Encoding.Latin1.GetString(line)}");
        }

        if (rest.Length < after + size + LineEnd)
        {
            return 0;
        }

        onMessage(subject, rest.Slice(after, size));
        return after + size + LineEnd;
    }
}

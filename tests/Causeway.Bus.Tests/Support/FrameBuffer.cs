using System.Globalization;
using System.Text;

namespace Causeway.Bus.Tests.Support;

/// <summary>Cuts what was received into frames. Strict: anything that a server may not send fails.</summary>
internal sealed class FrameBuffer
{
    private const int LeastRoomBytes = 4096;

    private byte[] _bytes = new byte[32 * 1024];
    private int _start;
    private int _end;

    /// <summary>Room to receive into; make it known with <see cref="Received"/>.</summary>
    public Memory<byte> Room(int least)
    {
        least = Math.Max(least, LeastRoomBytes);
        if (_bytes.Length - _end < least)
        {
            int kept = _end - _start;
            byte[] target = kept + least > _bytes.Length ? new byte[Math.Max(_bytes.Length * 2, kept + least)] : _bytes;
            Buffer.BlockCopy(_bytes, _start, target, 0, kept);
            (_bytes, _start, _end) = (target, 0, kept);
        }

        return _bytes.AsMemory(_end);
    }

    public void Received(int bytes) => _end += bytes;

    /// <summary>The next whole frame, or null if more bytes are needed; <paramref name="missing"/> says at least how many.</summary>
    public Frame? Next(out int missing)
    {
        missing = 1;
        ReadOnlySpan<byte> data = _bytes.AsSpan(_start, _end - _start);
        int end = data.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        string line = Encoding.Latin1.GetString(data[..end]);
        int used = end + 2;
        Frame frame;
        if (line.StartsWith("MSG ", StringComparison.Ordinal) || line.StartsWith("HMSG ", StringComparison.Ordinal))
        {
            string[] words = line.Split(' ');
            bool hasHeaders = words[0] == "HMSG";
            int fixedWords = hasHeaders ? 5 : 4;
            if (words.Length < fixedWords || words.Length > fixedWords + 1)
            {
                throw new InvalidDataException($"not a line of the protocol: {line}");
            }

            int size = int.Parse(words[^1], NumberStyles.None, CultureInfo.InvariantCulture);
            int headers = hasHeaders ? int.Parse(words[^2], NumberStyles.None, CultureInfo.InvariantCulture) : 0;
            if (data.Length < used + size + 2)
            {
                missing = used + size + 2 - data.Length;
                return null;
            }

            if (!data.Slice(used + size, 2).SequenceEqual("\r\n"u8))
            {
                throw new InvalidDataException($"no line end behind the payload of: {line}");
            }

            frame = new Frame(FrameKind.Message, line)
            {
                Subject = words[1],
                Sid = words[2],
                Reply = words.Length > fixedWords ? words[3] : "",
                Headers = data.Slice(used, headers).ToArray(),
                Payload = data.Slice(used + headers, size - headers).ToArray(),
            };
            used += size + 2;
        }
        else
        {
            frame = new Frame(KindOf(line), line);
        }

        _start += used;
        return frame;
    }

    private static FrameKind KindOf(string line)
    {
        int blank = line.IndexOf(' ', StringComparison.Ordinal);
        return (blank < 0 ? line : line[..blank]) switch
        {
            "+OK" => FrameKind.Ok,
            "-ERR" => FrameKind.Error,
            "PING" => FrameKind.Ping,
            "PONG" => FrameKind.Pong,
            "INFO" => FrameKind.Info,
            _ => throw new InvalidDataException($"not a line of the protocol: {line}"),
        };
    }
}

using System.Buffers.Text;
using System.Text;

namespace Causeway.Client.Protocol;

/// <summary>Header blocks on the wire: <c>NATS/1.0[ status[ text]]</c>, then <c>name: value</c> lines, then an empty line.</summary>
internal static class HeaderBlock
{
    private const int StatusNobodyResponds = 503;

    public static ReadOnlySpan<byte> Version => "NATS/1.0"u8;

    /// <summary>Writes a block of <see cref="MessageHeaders.EncodedLength"/> bytes.</summary>
    public static int Write(MessageHeaders headers, Span<byte> target)
    {
        int at = Copy(Version, target);
        at += Copy("\r\n"u8, target[at..]);
        foreach ((string name, string value) in headers)
        {
            at += Encoding.UTF8.GetBytes(name, target[at..]);
            at += Copy(": "u8, target[at..]);
            at += Encoding.UTF8.GetBytes(value, target[at..]);
            at += Copy("\r\n"u8, target[at..]);
        }

        return at + Copy("\r\n"u8, target[at..]);
    }

    /// <summary>Reads a block. Lines that are no fields are skipped: a message must not be lost over a header nobody asks for.</summary>
    public static MessageHeaders Read(ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<byte> rest = block;
        ReadOnlySpan<byte> first = NextLine(ref rest);
        (int? status, string? text) = ReadStatus(first);
        MessageHeaders headers = new() { Status = status, StatusText = text };
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> line = NextLine(ref rest);
            int colon = line.IndexOf((byte)':');
            if (colon > 0)
            {
                headers.AddReceived(
                    Encoding.UTF8.GetString(line[..colon]),
                    Encoding.UTF8.GetString(line[(colon + 1)..].Trim(" \t"u8)));
            }
        }

        return headers;
    }

    /// <summary>Whether a reply is the server's word that no subscription matched the request.</summary>
    public static bool IsNobodyResponds(in InboundMessage message) =>
        message.Payload.IsEmpty
        && message.Headers.Length > Version.Length
        && ReadStatus(message.Headers[..Math.Max(message.Headers.IndexOf((byte)'\r'), 0)]).Status == StatusNobodyResponds;

    private static (int? Status, string? Text) ReadStatus(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(Version))
        {
            return (null, null);
        }

        ReadOnlySpan<byte> rest = line[Version.Length..].Trim((byte)' ');
        if (!Utf8Parser.TryParse(rest, out int status, out int used) || status < 0)
        {
            return (null, null);
        }

        ReadOnlySpan<byte> text = rest[used..].Trim((byte)' ');
        return (status, text.IsEmpty ? null : Encoding.UTF8.GetString(text));
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> rest)
    {
        int newline = rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = newline < 0 ? rest : rest[..newline];
        rest = newline < 0 ? default : rest[(newline + 1)..];
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }

    private static int Copy(ReadOnlySpan<byte> source, Span<byte> target)
    {
        source.CopyTo(target);
        return source.Length;
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Causeway.Client.Protocol;

/// <summary>Writes the client's side of the protocol. Every command has a bound for its length, to reserve room before writing.</summary>
internal static class CommandEncoder
{
    // "HPUB " + three blanks + two sizes + CRLF + CRLF behind the payload.
    private const int PublishOverhead = 5 + 3 + (2 * 10) + 2 + 2;

    // "UNSUB ", two 64-bit numbers with a blank, CRLF.
    private const int UnsubscribeLength = 6 + 20 + 1 + 20 + 2;

    // "SUB ", blanks, a 64-bit number, CRLF, and an UNSUB behind it.
    private const int SubscribeOverhead = 4 + 2 + 20 + 2 + UnsubscribeLength;

    public static ReadOnlySpan<byte> Ping => "PING\r\n"u8;

    public static ReadOnlySpan<byte> Pong => "PONG\r\n"u8;

    /// <summary>The bound for the control line of a publish, without headers and payload.</summary>
    public static int PublishLineBound(string subject, string? replyTo) =>
        PublishOverhead + BytesBound(subject) + BytesBound(replyTo);

    /// <summary>Writes PUB, or HPUB where there are headers, with the payload.</summary>
    public static int WritePublish(
        Span<byte> target, string subject, string? replyTo, MessageHeaders? headers, int headerBytes, ReadOnlySpan<byte> payload)
    {
        int at = WritePublishLine(target, subject, replyTo, headerBytes, payload.Length);
        if (headers is not null)
        {
            at += HeaderBlock.Write(headers, target[at..]);
        }

        at += Copy(payload, target[at..]);
        return at + Copy("\r\n"u8, target[at..]);
    }

    /// <summary>Writes HPUB with a header block that is ready, and the payload.</summary>
    public static int WritePublish(Span<byte> target, string subject, string? replyTo, ReadOnlySpan<byte> headerBlock, ReadOnlySpan<byte> payload)
    {
        int at = WritePublishLine(target, subject, replyTo, headerBlock.Length, payload.Length);
        at += Copy(headerBlock, target[at..]);
        at += Copy(payload, target[at..]);
        return at + Copy("\r\n"u8, target[at..]);
    }

    public static int SubscribeBound(string subject, string? queueGroup) => SubscribeOverhead + BytesBound(subject) + BytesBound(queueGroup);

    /// <summary>Writes SUB, and behind it UNSUB with a maximum where <paramref name="max"/> is not null.</summary>
    public static int WriteSubscribe(Span<byte> target, long sid, string subject, string? queueGroup, long? max)
    {
        int at = Copy("SUB "u8, target);
        at += Encoding.UTF8.GetBytes(subject, target[at..]);
        if (queueGroup is not null)
        {
            target[at++] = (byte)' ';
            at += Encoding.UTF8.GetBytes(queueGroup, target[at..]);
        }

        target[at++] = (byte)' ';
        at += WriteNumber(sid, target[at..]);
        at += Copy("\r\n"u8, target[at..]);
        if (max is not null)
        {
            at += WriteUnsubscribe(target[at..], sid, max);
        }

        return at;
    }

    public static int UnsubscribeBound => UnsubscribeLength;

    /// <summary>Writes UNSUB: at once, or after <paramref name="max"/> messages from now or from the SUB just before.</summary>
    public static int WriteUnsubscribe(Span<byte> target, long sid, long? max = null)
    {
        int at = Copy("UNSUB "u8, target);
        at += WriteNumber(sid, target[at..]);
        if (max is { } most)
        {
            target[at++] = (byte)' ';
            at += WriteNumber(most, target[at..]);
        }

        return at + Copy("\r\n"u8, target[at..]);
    }

    /// <summary>CONNECT with a PING behind it, whose PONG says that the server took the connection.</summary>
    public static byte[] Connect(ConnectRequest request)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(request, ClientJsonContext.Default.ConnectRequest);
        return [.. "CONNECT "u8, .. json, .. "\r\n"u8, .. Ping];
    }

    private static int WritePublishLine(Span<byte> target, string subject, string? replyTo, int headerBytes, int payloadBytes)
    {
        int at = Copy(headerBytes == 0 ? "PUB "u8 : "HPUB "u8, target);
        at += Encoding.UTF8.GetBytes(subject, target[at..]);
        if (replyTo is not null)
        {
            target[at++] = (byte)' ';
            at += Encoding.UTF8.GetBytes(replyTo, target[at..]);
        }

        if (headerBytes > 0)
        {
            target[at++] = (byte)' ';
            at += WriteNumber(headerBytes, target[at..]);
        }

        target[at++] = (byte)' ';
        at += WriteNumber(headerBytes + payloadBytes, target[at..]);
        return at + Copy("\r\n"u8, target[at..]);
    }

    private static int BytesBound(string? text) => text is null ? 0 : Encoding.UTF8.GetMaxByteCount(text.Length);

    private static int WriteNumber(long value, Span<byte> target)
    {
        value.TryFormat(target, out int written, default, CultureInfo.InvariantCulture);
        return written;
    }

    private static int Copy(ReadOnlySpan<byte> source, Span<byte> target)
    {
        source.CopyTo(target);
        return source.Length;
    }
}

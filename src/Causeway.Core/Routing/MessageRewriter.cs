using System.Buffers.Text;
using Causeway.Core.Delivery;
using Causeway.Core.Memory;
using Causeway.Core.Protocol;

namespace Causeway.Core.Routing;

/// <summary>
/// Writes the tail of a message anew where it can't be passed on as it came: when its line had unusual blanks, and for receivers
/// that don't understand headers. Rare, so it copies. The result is good until the next call. Not thread-safe.
/// </summary>
public sealed class MessageRewriter
{
    private const int MostSizeBytes = 2 * (Limits.MaxSizeDigits + 1) + 2;

    private readonly MemoryAccount _account;
    private byte[] _canonical = [];
    private byte[] _plain = [];

    /// <summary>Creates a rewriter whose buffers are booked on <paramref name="account"/>.</summary>
    public MessageRewriter(MemoryAccount account) => _account = account;

    /// <summary>The message of <paramref name="command"/> in <paramref name="data"/> with a canonical tail.</summary>
    public Message Canonical(ReadOnlySpan<byte> data, in Command command)
    {
        ReadOnlySpan<byte> reply = data.Slice(command.ReplyStart, command.ReplyLength);
        ReadOnlySpan<byte> payload = data.Slice(command.PayloadStart, command.PayloadLength);
        int length = Write(ref _canonical, reply, command.HeaderLength, payload);
        ReadOnlySpan<byte> subject = data.Slice(command.SubjectStart, command.SubjectLength);
        return new Message(subject, _canonical.AsSpan(0, length), command.PayloadLength, command.HeaderLength, reply.Length);
    }

    /// <summary>The tail of <paramref name="message"/> without its headers.</summary>
    public ReadOnlySpan<byte> WithoutHeaders(in Message message)
    {
        int lineEnd = message.Tail.IndexOf("\r\n"u8);
        ReadOnlySpan<byte> line = message.Tail[..lineEnd];
        int lastBlank = line.LastIndexOf((byte)' ');
        int replyEnd = line[..Math.Max(0, lastBlank)].LastIndexOf((byte)' ');
        ReadOnlySpan<byte> reply = replyEnd > 0 ? line[..replyEnd] : default;
        ReadOnlySpan<byte> payload = message.Tail.Slice(lineEnd + 2 + message.HeaderLength, message.Size - message.HeaderLength);
        int length = Write(ref _plain, reply, 0, payload);
        return _plain.AsSpan(0, length);
    }

    /// <summary>Gives the buffers up.</summary>
    public void Clear()
    {
        _account.Release(MemoryUse.Receive, _canonical.Length + _plain.Length);
        _canonical = [];
        _plain = [];
    }

    private int Write(ref byte[] buffer, ReadOnlySpan<byte> reply, int headerLength, ReadOnlySpan<byte> payload)
    {
        int most = reply.Length + 1 + MostSizeBytes + payload.Length + 2;
        if (buffer.Length < most)
        {
            _account.Charge(MemoryUse.Receive, most - buffer.Length);
            buffer = new byte[most];
        }

        int at = 0;
        if (!reply.IsEmpty)
        {
            reply.CopyTo(buffer);
            at = reply.Length;
            buffer[at++] = (byte)' ';
        }

        if (headerLength > 0)
        {
            Utf8Formatter.TryFormat(headerLength, buffer.AsSpan(at), out int headerDigits);
            at += headerDigits;
            buffer[at++] = (byte)' ';
        }

        Utf8Formatter.TryFormat(payload.Length, buffer.AsSpan(at), out int digits);
        at += digits;
        "\r\n"u8.CopyTo(buffer.AsSpan(at));
        payload.CopyTo(buffer.AsSpan(at + 2));
        at += 2 + payload.Length;
        "\r\n"u8.CopyTo(buffer.AsSpan(at));
        return at + 2;
    }
}

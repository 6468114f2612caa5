using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Causeway.Core.Delivery;

namespace Causeway.Core.Links;

/// <summary>
/// A message on a data lane: a header of fixed size, the extension (where it has to go beyond the node that gets it), the subject, and
/// the message's tail as clients get it, so that nothing is written anew on either side.
/// </summary>
public static class DataFrame
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderBytes = 24;

    /// <summary>Longest extension in bytes.</summary>
    public const int MaxExtensionBytes = 16 * 1024;

    /// <summary>Longest tenant name, subject, and reply with its way back, in bytes.</summary>
    public const int MaxTextBytes = ushort.MaxValue;

    /// <summary>The largest frame in bytes for messages of <paramref name="payloadBytes"/>.</summary>
    public static int MaxBytes(int payloadBytes) => HeaderBytes + MaxExtensionBytes + (3 * Limits.LargestControlLineBytes) + payloadBytes;

    /// <summary>
    /// Appends a frame to <paramref name="queue"/>, whose gate is held; false, with a part appended perhaps, if memory has no room.
    /// </summary>
    public static bool TryAppend(OutboundQueue queue, in Message message, ReadOnlySpan<byte> replyPrefix, DataFrameFlags flags, ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> extension)
    {
        int length = Length(message, replyPrefix, tenant, extension);
        Header header = new()
        {
            Length = length,
            HeaderLength = message.HeaderLength,
            Size = message.Size,
            SubjectLength = (ushort)message.Subject.Length,
            ReplyLength = (ushort)(message.ReplyLength + replyPrefix.Length),
            ExtensionLength = (ushort)extension.Length,
            TenantLength = (byte)tenant.Length,
            Flags = flags,
        };
        ReadOnlySpan<byte> head = MemoryMarshal.AsBytes(new ReadOnlySpan<Header>(in header));
        Span<byte> room = queue.Reserve(length);
        if (room.Length != length)
        {
            return queue.TryAppend(head) && queue.TryAppend(tenant) && queue.TryAppend(extension) && queue.TryAppend(message.Subject)
                && queue.TryAppend(replyPrefix) && queue.TryAppend(message.Tail);
        }

        head.CopyTo(room);
        room = Put(room[HeaderBytes..], tenant);
        room = Put(room, extension);
        room = Put(room, message.Subject);
        room = Put(room, replyPrefix);
        message.Tail.CopyTo(room);
        return true;
    }

    /// <summary>The length of the frame of <paramref name="message"/>.</summary>
    public static int Length(in Message message, ReadOnlySpan<byte> replyPrefix, ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> extension) =>
        HeaderBytes + tenant.Length + extension.Length + message.Subject.Length + replyPrefix.Length + message.Tail.Length;

    /// <summary>
    /// Reads the frame at the start of <paramref name="data"/>. With <see cref="FrameStatus.Incomplete"/> the header's length, if it
    /// is known, is in <paramref name="frame"/>.
    /// </summary>
    public static FrameStatus TryRead(ReadOnlySpan<byte> data, int maxBytes, out DataFrameView frame)
    {
        frame = default;
        if (data.Length < HeaderBytes)
        {
            return FrameStatus.Incomplete;
        }

        Header header = MemoryMarshal.Read<Header>(data);
        int before = HeaderBytes + header.TenantLength + header.ExtensionLength + header.SubjectLength;
        if (header.Length < HeaderBytes || header.Length > maxBytes || header.Size < 0 || header.HeaderLength < 0 || header.HeaderLength > header.Size
            || (long)before + header.ReplyLength + header.Size + 2 > header.Length)
        {
            return FrameStatus.Malformed;
        }

        frame.Length = header.Length;
        if (data.Length < header.Length)
        {
            return FrameStatus.Incomplete;
        }

        frame.Flags = header.Flags;
        frame.Tenant = data.Slice(HeaderBytes, header.TenantLength);
        frame.Extension = data.Slice(HeaderBytes + header.TenantLength, header.ExtensionLength);
        frame.Message = new Message(
            data.Slice(before - header.SubjectLength, header.SubjectLength),
            data[before..header.Length],
            header.Size,
            header.HeaderLength,
            header.ReplyLength);
        return FrameStatus.Complete;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Span<byte> Put(Span<byte> room, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(room);
        return room[bytes.Length..];
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1, Size = HeaderBytes)]
    private struct Header
    {
        public int Length;
        public int HeaderLength;
        public int Size;
        public ushort SubjectLength;
        public ushort ReplyLength;
        public ushort ExtensionLength;
        public byte TenantLength;
        public DataFrameFlags Flags;
    }
}

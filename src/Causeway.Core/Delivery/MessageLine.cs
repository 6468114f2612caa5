using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Causeway.Core.Delivery;

/// <summary>
/// One receiver's copy of a message, MSG or HMSG, in the parts that it is put together from: nothing is written before there is room
/// for it. Lives only while it is delivered.
/// </summary>
/// <param name="headers">True for HMSG.</param>
/// <param name="subject">The subject, unless <paramref name="middle"/> has it.</param>
/// <param name="middle">The sid with its blanks, behind the subject where <paramref name="subject"/> is empty.</param>
/// <param name="tail">The rest, as in <see cref="Message.Tail"/>.</param>
internal readonly ref struct MessageLine(bool headers, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> middle, ReadOnlySpan<byte> tail)
{
    private const uint MsgBlank = 0x2047534D; // "MSG " as a little-endian number

    private readonly bool _headers = headers;
    private readonly ReadOnlySpan<byte> _subject = subject;
    private readonly ReadOnlySpan<byte> _middle = middle;
    private readonly ReadOnlySpan<byte> _tail = tail;

    /// <summary>Bytes in all.</summary>
    public int Length => (_headers ? 5 : 4) + _subject.Length + _middle.Length + _tail.Length;

    /// <summary>
    /// Appends it to <paramref name="queue"/>, whose gate is held; false, with a part appended perhaps, if memory has no room for it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAppendTo(OutboundQueue queue)
    {
        int length = Length;
        Span<byte> room = queue.Reserve(length);
        if (room.Length == length)
        {
            Write(ref MemoryMarshal.GetReference(room));
            return true;
        }

        return queue.TryAppend(_headers ? "HMSG "u8 : "MSG "u8) && queue.TryAppend(_subject)
            && queue.TryAppend(_middle) && queue.TryAppend(_tail);
    }

    /// <summary>A copy of the line itself, without its end, the headers and the payload.</summary>
    public byte[] Head() => [.. _headers ? "HMSG "u8 : "MSG "u8, .. _subject, .. _middle, .. _tail[.._tail.IndexOf("\r\n"u8)]];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(ref byte at)
    {
        if (_headers)
        {
            at = (byte)'H';
            at = ref Unsafe.Add(ref at, 1);
        }

        Unsafe.WriteUnaligned(ref at, MsgBlank);
        at = ref Unsafe.Add(ref at, 4);
        if (!_subject.IsEmpty)
        {
            Copy(_subject, ref at);
            at = ref Unsafe.Add(ref at, _subject.Length);
        }

        Copy(_middle, ref at);
        at = ref Unsafe.Add(ref at, _middle.Length);
        Copy(_tail, ref at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ReadOnlySpan<byte> from, ref byte to) =>
        Unsafe.CopyBlockUnaligned(ref to, ref MemoryMarshal.GetReference(from), (uint)from.Length);
}

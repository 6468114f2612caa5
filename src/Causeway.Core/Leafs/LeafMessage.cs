using Causeway.Core.Delivery;

namespace Causeway.Core.Leafs;

/// <summary>
/// A message as a leaf gets it, LMSG or HMSG, in the parts that it is put together from: nothing is written before there is room for
/// it. Lives only while it is sent.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="tail">Its tail, without headers if the leaf has none.</param>
/// <param name="headers">True for HMSG.</param>
/// <param name="replyPrefix">What the reply subject gets in front.</param>
/// <param name="queues">The queue groups that it is for.</param>
internal readonly ref struct LeafMessage(in Message message, ReadOnlySpan<byte> tail, bool headers, ReadOnlySpan<byte> replyPrefix, List<ReadOnlyMemory<byte>> queues)
{
    private readonly ReadOnlySpan<byte> _subject = message.Subject;
    private readonly ReadOnlySpan<byte> _reply = message.Reply;
    private readonly ReadOnlySpan<byte> _tail = tail;
    private readonly ReadOnlySpan<byte> _prefix = replyPrefix;
    private readonly List<ReadOnlyMemory<byte>> _queues = queues;
    private readonly bool _headers = headers;

    /// <summary>Bytes in all.</summary>
    public int Length
    {
        get
        {
            int length = 5 + _subject.Length + 1 + _prefix.Length + _tail.Length;
            if (_queues.Count > 0)
            {
                length += 2;
                foreach (ReadOnlyMemory<byte> queue in _queues)
                {
                    length += queue.Length + 1;
                }
            }

            return length;
        }
    }

    /// <summary>Appends it to <paramref name="queue"/>, whose gate is held; false, with a part appended perhaps, if memory has no room.</summary>
    public bool TryAppendTo(OutboundQueue queue)
    {
        bool fits = queue.TryAppend(_headers ? "HMSG "u8 : "LMSG "u8) && queue.TryAppend(_subject) && queue.TryAppend(" "u8);
        if (_queues.Count == 0)
        {
            return fits && queue.TryAppend(_prefix) && queue.TryAppend(_tail);
        }

        bool hasReply = !_reply.IsEmpty;
        fits = fits && queue.TryAppend(hasReply ? "+ "u8 : "| "u8) && queue.TryAppend(_prefix) && queue.TryAppend(_reply);
        for (int i = 0; i < _queues.Count; i++)
        {
            fits = fits && ((i == 0 && !hasReply) || queue.TryAppend(" "u8)) && queue.TryAppend(_queues[i].Span);
        }

        return fits && (hasReply || queue.TryAppend(" "u8)) && queue.TryAppend(_tail[_reply.Length..]);
    }
}

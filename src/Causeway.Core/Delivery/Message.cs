namespace Causeway.Core.Delivery;

/// <summary>
/// A message on its way, as slices of the buffer it came in. Lives only while it is routed.
/// </summary>
/// <param name="subject">The subject.</param>
/// <param name="tail">What a MSG or HMSG line has behind the sid and its blank: <c>[reply ]sizes CR LF headers payload CR LF</c>.</param>
/// <param name="size">Bytes of headers and payload.</param>
/// <param name="headerLength">Bytes of headers.</param>
/// <param name="replyLength">Bytes of the reply subject that <paramref name="tail"/> begins with; 0 for none.</param>
public readonly ref struct Message(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> tail, int size, int headerLength, int replyLength)
{
    /// <summary>The subject.</summary>
    public readonly ReadOnlySpan<byte> Subject = subject;

    /// <summary><c>[reply ]sizes CR LF headers payload CR LF</c></summary>
    public readonly ReadOnlySpan<byte> Tail = tail;

    /// <summary>Bytes of headers and payload.</summary>
    public readonly int Size = size;

    /// <summary>Bytes of headers.</summary>
    public readonly int HeaderLength = headerLength;

    /// <summary>Bytes of the reply subject; 0 for none.</summary>
    public readonly int ReplyLength = replyLength;

    /// <summary>The reply subject; empty for none.</summary>
    public ReadOnlySpan<byte> Reply => Tail[..ReplyLength];

    /// <summary>True if it goes out as HMSG.</summary>
    public bool HasHeaders => HeaderLength > 0;
}

using System.Buffers;
using Causeway.Bus.Monitoring;

namespace Causeway.Bus.SystemBus;

/// <summary>
/// A page that is to be sent as one message: what is written beyond the most that a message may have ends it with a
/// <see cref="PageQueryException"/>, so that no question has more of it made than can be sent.
/// </summary>
internal sealed class PagePart(int maxBytes) : IBufferWriter<byte>
{
    // What a writer asks for at least before it needs it.
    private const int SpareBytes = 4096;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>What is said of a page that is too large.</summary>
    public static string Fault(int maxBytes) => $"the answer is over max_payload ({maxBytes}); ask for less by limit and offset";

    public void Advance(int count) => _buffer.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => _buffer.WrittenCount + (long)sizeHint <= maxBytes + (long)SpareBytes ? _buffer.GetMemory(sizeHint) : throw new PageQueryException(Fault(maxBytes));

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}

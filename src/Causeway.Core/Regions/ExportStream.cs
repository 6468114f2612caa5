using Causeway.Core.Interest;

namespace Causeway.Core.Regions;

/// <summary>A table that is told over a link.</summary>
public sealed class ExportStream
{
    private readonly Action _onEnd;
    private bool _openDue = true;

    internal ExportStream(StreamKind kind, string region, InterestSender sender, Action onEnd)
    {
        Kind = kind;
        Region = region;
        Sender = sender;
        _onEnd = onEnd;
    }

    /// <summary>Its number on the link.</summary>
    public ushort Id { get; private set; }

    /// <summary>What it tells of.</summary>
    public StreamKind Kind { get; }

    /// <summary>The region that a <see cref="StreamKind.Region"/> stream tells of; else empty.</summary>
    public string Region { get; }

    /// <summary>What tells it.</summary>
    public InterestSender Sender { get; }

    internal void Begin(ushort id) => Id = id;

    internal bool TakeOpenDue()
    {
        bool due = _openDue;
        _openDue = false;
        return due;
    }

    internal string? OnState(ReadOnlySpan<byte> body) => Sender.OnState(body);

    internal string? OnReply(ReadOnlySpan<byte> body) => Sender.OnReply(body);

    internal int TryWrite(Span<byte> room) => Sender.TryWrite(room);

    internal void End()
    {
        Sender.Disconnected();
        _onEnd();
    }
}

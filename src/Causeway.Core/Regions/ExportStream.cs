using Causeway.Core.Interest;

namespace Causeway.Core.Regions;

/// <summary>A table that is told over a link. A newer link to the same node takes the telling over; then this stream is silent.</summary>
public sealed class ExportStream
{
    private readonly KeptSender _kept;
    private readonly Mesh _mesh;
    private ulong _markVersion;
    private long _markedAt;
    private long _knownAt;
    private bool _openDue = true;

    internal ExportStream(StreamKind kind, string region, KeptSender kept, Mesh mesh)
    {
        Kind = kind;
        Region = region;
        _kept = kept;
        _mesh = mesh;
        _markVersion = kept.Table.Version;
        _markedAt = _knownAt = mesh.Now;
    }

    /// <summary>Its number on the link.</summary>
    public ushort Id { get; private set; }

    /// <summary>What it tells of.</summary>
    public StreamKind Kind { get; }

    /// <summary>The region that a <see cref="StreamKind.Region"/> stream tells of; else empty.</summary>
    public string Region { get; }

    /// <summary>What tells it.</summary>
    public InterestSender Sender => _kept.Sender;

    /// <summary>
    /// How old the oldest change is that the other side is not known to have, in milliseconds; 0 while it is known to have all. Where
    /// there always is a new one it is the time that telling takes.
    /// </summary>
    public long LagMilliseconds { get; private set; }

    private bool IsHeld => _kept.Holder == this;

    internal void Begin(ushort id) => Id = id;

    internal void Check(long now)
    {
        bool isConverged = Sender.IsConverged;
        if (isConverged || (Sender.AckedVersion >= _markVersion && Sender.AckedVersion > 0))
        {
            // What the table held at the mark is known there by now.
            _knownAt = isConverged ? now : _markedAt;
            (_markVersion, _markedAt) = (_kept.Table.Version, now);
        }

        LagMilliseconds = now - _knownAt;
    }

    internal bool TakeOpenDue()
    {
        bool due = _openDue;
        _openDue = false;
        return due;
    }

    internal string? OnState(ReadOnlySpan<byte> body) => IsHeld ? Sender.OnState(body) : null;

    internal string? OnReply(ReadOnlySpan<byte> body) => IsHeld ? Sender.OnReply(body) : null;

    internal int TryWrite(Span<byte> room, int windowBytes)
    {
        if (!IsHeld)
        {
            return 0;
        }

        Sender.MaxUnackedBytes = windowBytes;
        return Sender.TryWrite(room);
    }

    internal void End() => _kept.Leave(this, _mesh.Now);
}

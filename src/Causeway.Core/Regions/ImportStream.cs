using Causeway.Core.Links;

namespace Causeway.Core.Regions;

/// <summary>A table that is heard over a link.</summary>
public sealed class ImportStream
{
    private readonly SourceTable _table;
    private bool _stateDue = true;

    internal ImportStream(ushort id, SourceTable table)
    {
        Id = id;
        _table = table;
    }

    /// <summary>Its number on the link.</summary>
    public ushort Id { get; }

    /// <summary>Whose interest it is.</summary>
    public InterestSource Source => _table.Source;

    /// <summary>The table.</summary>
    public SourceTable Table => _table;

    internal string? OnFrame(ReadOnlySpan<byte> body) => _table.Receiver.OnFrame(body);

    internal void OnTruncated(ReadOnlySpan<byte> body) => _table.Receiver.OnTruncated(body);

    /// <summary>What is to be said to the teller next, if anything.</summary>
    internal LinkFrameKind? NextReply() => _stateDue ? LinkFrameKind.StreamState : _table.Receiver.HasReply ? LinkFrameKind.StreamReply : null;

    internal int TryWrite(LinkFrameKind kind, Span<byte> room)
    {
        if (kind == LinkFrameKind.StreamReply)
        {
            return _table.Receiver.TryWriteReply(room);
        }

        _stateDue = false;
        return _table.Receiver.WriteState(room);
    }

    internal void Check() => _table.WasCurrent |= !_stateDue && _table.Receiver.HasCompletedRound;

    internal void End() => _table.Receiver.Disconnected();
}

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
        table.Current = this;
    }

    /// <summary>Its number on the link.</summary>
    public ushort Id { get; }

    /// <summary>Whose interest it is.</summary>
    public InterestSource Source => _table.Source;

    /// <summary>The table.</summary>
    public SourceTable Table => _table;

    // A newer link may have taken the table over.
    private bool IsHeld => _table.Current == this;

    internal string? OnFrame(ReadOnlySpan<byte> body) => IsHeld ? _table.Receiver.OnFrame(body) : null;

    internal void OnTruncated(ReadOnlySpan<byte> body)
    {
        if (IsHeld)
        {
            _table.Receiver.OnTruncated(body);
        }
    }

    /// <summary>What is said to the teller next: first how much is known already, then what becomes of its parts.</summary>
    internal LinkFrameKind NextKind => _stateDue ? LinkFrameKind.StreamState : LinkFrameKind.StreamReply;

    /// <summary>Writes what is to be said to the teller; 0 if there is nothing.</summary>
    internal int TryWrite(Span<byte> room)
    {
        if (!IsHeld)
        {
            return 0;
        }

        if (!_stateDue)
        {
            return _table.Receiver.TryWriteReply(room);
        }

        _stateDue = false;
        return _table.Receiver.WriteState(room);
    }

    internal void Check() => _table.WasCurrent |= IsHeld && !_stateDue && _table.Receiver.IsCurrent(0);

    internal void End()
    {
        if (IsHeld)
        {
            _table.Current = null;
            _table.Receiver.Disconnected();
        }
    }
}

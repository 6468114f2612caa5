using Causeway.Core.Memory;

namespace Causeway.Core.Interest;

/// <summary>
/// Applies what one sender tells to an <see cref="InterestTable"/> that nobody else writes. Outlives connections: each begins with
/// <see cref="WriteState"/>, from which the sender goes on. Its memory is fixed, whatever arrives. Not thread-safe.
/// </summary>
public sealed partial class InterestReceiver : IDisposable
{
    private const int FixedBytes = InterestWire.MaxBlockBytes + (InterestWire.MostTexts * 24);

    private readonly InterestTable _table;
    private readonly MemoryAccount _account;
    private readonly IBlockCompressor? _compressor;
    private readonly long _maxEntries;
    private readonly byte[] _scratch = new byte[TextBlock.MaxRawBytes];
    private readonly TextEntry[] _texts = new TextEntry[InterestWire.MostTexts];
    private ReceiverState _state;
    private bool _isConnected;
    private bool _hasBegun;
    private ulong _roundNumber;
    private ulong _receivedBytes;
    private ulong _ackedBytes;
    private ulong _ackedVersion;
    private bool _disposed;

    /// <summary>
    /// Creates a receiver that fills <paramref name="table"/> with at most <paramref name="maxEntries"/>; its fixed memory is booked
    /// on <paramref name="account"/>.
    /// </summary>
    public InterestReceiver(InterestTable table, MemoryAccount account, IBlockCompressor? compressor = null, long maxEntries = long.MaxValue)
    {
        _table = table;
        _account = account;
        _compressor = compressor;
        _maxEntries = maxEntries;
        _account.Charge(MemoryUse.Interest, FixedBytes);
    }

    /// <summary>The epoch of the sender's table, of the round that began last.</summary>
    public ulong Epoch => _state.Epoch;

    /// <summary>The version of which all is known; 0 if there is none.</summary>
    public ulong Version => _state.HasVersion ? _state.Version : 0;

    /// <summary>Entries of blocks applied.</summary>
    public long EntriesApplied { get; private set; }

    /// <summary>Bytes of frames received.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>True if all changes up to <paramref name="version"/> of the sender's table in its present epoch are known.</summary>
    public bool IsCurrent(ulong version) => _state.HasVersion && _state.Version >= version;

    /// <summary>Begins a connection: writes what the sender must know to go on, at most <see cref="InterestWire.MaxReplyBytes"/>.</summary>
    public int WriteState(Span<byte> destination)
    {
        Disconnected();
        _isConnected = true;
        _state.Literals = _table.Literals;
        _state.Texts = _table.Texts;
        return _state.Write(destination);
    }

    /// <summary>Ends the connection; what was applied stays.</summary>
    public void Disconnected()
    {
        _isConnected = false;
        _hasBegun = false;
        _receivedBytes = 0;
        _ackedBytes = 0;
        _ackedVersion = 0;
        EndComparing();
    }

    /// <summary>Applies a frame. Returns what is wrong with it, or null; after a fault the connection can't go on.</summary>
    public string? OnFrame(ReadOnlySpan<byte> payload)
    {
        if (!_isConnected || payload.IsEmpty || payload.Length > InterestWire.MaxBlockBytes)
        {
            return $"an interest frame of {payload.Length} bytes; accepted are 1 to {InterestWire.MaxBlockBytes}, after the state";
        }

        WireReader reader = new(payload);
        FrameKind kind = (FrameKind)reader.Byte();
        string? fault = kind switch
        {
            FrameKind.Begin => OnBegin(ref reader),
            _ when !_hasBegun => $"an interest frame of kind {(byte)kind} outside a round",
            FrameKind.LiteralChanges or FrameKind.Literals => OnLiterals(ref reader, kind, truncated: false),
            FrameKind.TextChanges or FrameKind.Texts => OnTexts(ref reader, kind),
            FrameKind.Symbols => OnSymbols(ref reader),
            FrameKind.End => OnEnd(ref reader),
            _ => $"an interest frame of unknown kind {(byte)kind}",
        };
        if (fault is null && _table.Literals + _table.Texts > _maxEntries)
        {
            fault = $"{_table.Literals + _table.Texts} interest entries; accepted are {_maxEntries}";
        }

        if (fault is not null)
        {
            Disconnected();
            return fault;
        }

        _receivedBytes += (ulong)payload.Length;
        BytesReceived += payload.Length;
        return null;
    }

    /// <summary>
    /// Applies the part of a frame that arrived before the connection was cut, so far as it can be used: the next connection goes on
    /// within it. Returns what is wrong with it, or null.
    /// </summary>
    public string? OnTruncated(ReadOnlySpan<byte> payload)
    {
        string? fault = null;
        if (_isConnected && _hasBegun && !payload.IsEmpty && payload.Length <= InterestWire.MaxBlockBytes)
        {
            WireReader reader = new(payload);
            FrameKind kind = (FrameKind)reader.Byte();
            if (kind is FrameKind.LiteralChanges or FrameKind.Literals)
            {
                fault = OnLiterals(ref reader, kind, truncated: true);
            }
        }

        Disconnected();
        return fault;
    }

    /// <summary>Writes the next answer, at most <see cref="InterestWire.MaxReplyBytes"/>; 0 if there is none to give.</summary>
    public int TryWriteReply(Span<byte> destination)
    {
        WireWriter writer = new(destination);
        if (!_isConnected)
        {
            return 0;
        }

        if (TryWriteVerdict(ref writer))
        {
            return writer.Length;
        }

        if (_receivedBytes == _ackedBytes && Version == _ackedVersion)
        {
            return 0;
        }

        writer.Byte((byte)ReplyKind.Ack);
        writer.Number(_receivedBytes);
        writer.Byte((byte)(_state.HasVersion ? 1 : 0));
        writer.Number(Version);
        _ackedBytes = _receivedBytes;
        _ackedVersion = Version;
        return writer.Length;
    }

    /// <summary>Lets go of the fixed memory. The table stays as it is.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Disconnected();
            _account.Release(MemoryUse.Interest, FixedBytes);
        }
    }

    private string? OnBegin(ref WireReader reader)
    {
        RoundMode mode = (RoundMode)reader.Byte();
        bool full = (mode & RoundMode.Full) != 0;
        ulong number = reader.Number();
        ulong epoch = reader.Fixed();
        ulong from = reader.Number();
        ulong target = reader.Number();
        ulong position = reader.Position();
        if (!reader.IsDone || target < from || mode > RoundMode.All)
        {
            return "the beginning of an interest round is malformed";
        }

        bool same = _state.InRound && _state.Mode == mode && _state.Target == target && _state.Epoch == epoch;
        if (position != 0 && !(same && InterestPosition.IsSame(position, _state.Position)))
        {
            return "an interest round goes on where none had stopped";
        }

        if (!full && !(_state.HasVersion && _state.Epoch == epoch && from <= _state.Version))
        {
            return $"interest changes from version {from} of epoch {epoch:x}; known is version {Version} of epoch {_state.Epoch:x}";
        }

        _hasBegun = true;
        _roundNumber = number;
        _state.Epoch = epoch;
        _state.HasVersion &= !full;
        _state.InRound = true;
        _state.Mode = mode;
        _state.Target = target;
        _state.Position = InterestPosition.Normal(position);
        EndComparing();
        return null;
    }

    private string? OnEnd(ref WireReader reader)
    {
        if (!reader.IsDone || (_state.IsFullRound && _state.Position != InterestPosition.End))
        {
            return $"an interest round ended at {_state.Position:x}";
        }

        _state.InRound = false;
        _state.HasVersion = true;
        _state.Version = Math.Max(_state.Target, _state.IsFullRound ? 0 : _state.Version);
        _hasBegun = false;
        EndComparing();
        return null;
    }

    /// <summary>Reads where a block is, which must be at the round's place, or for changes behind it.</summary>
    private string? ReadRange(ref WireReader reader, FrameKind kind, out ulong from, out ulong to)
    {
        from = reader.Position();
        to = reader.Position();
        bool text = kind is FrameKind.TextChanges or FrameKind.Texts;
        bool full = kind is FrameKind.Literals or FrameKind.Texts;
        bool inPlace = full ? InterestPosition.IsSame(from, _state.Position) : from >= _state.Position;
        bool inSpace = text ? from >= InterestPosition.TextStart : to <= InterestPosition.LiteralEnd;
        return !reader.Failed && full == _state.IsFullRound && inPlace && inSpace && from < to
            ? null
            : $"an interest block of kind {(byte)kind} from {from:x} to {to:x}; the round is at {_state.Position:x}";
    }

    private string? OnLiterals(ref WireReader reader, FrameKind kind, bool truncated)
    {
        bool full = kind == FrameKind.Literals;
        if (ReadRange(ref reader, kind, out ulong from, out ulong to) is { } fault)
        {
            // A head that was cut is not wrong.
            return truncated ? null : fault;
        }

        LiteralBlock.Reader literals = new(reader.Rest, from, to, changes: !full);
        ulong next = from;
        while (literals.TryRead(out ulong fingerprint, out bool present))
        {
            if (full)
            {
                Clear(next, fingerprint);
                next = fingerprint + 1;
            }

            _table.SetLiteral(fingerprint, present);
            EntriesApplied++;
        }

        if (literals.IsMalformed || (!truncated && (literals.IsShort || literals.HasMore)))
        {
            return $"an interest block of literals from {from:x} to {to:x} is malformed";
        }

        if (full)
        {
            Clear(next, literals.ReadTo);
        }

        MoveTo(literals.ReadTo);
        return null;
    }

    private string? OnTexts(ref WireReader reader, FrameKind kind)
    {
        if (ReadRange(ref reader, kind, out ulong from, out ulong to) is { } fault)
        {
            return fault;
        }

        int count = TextBlock.Read(reader.Rest, from, to, _table.Key, _compressor, _scratch, _texts);
        if (count < 0)
        {
            return $"an interest block of texts from {from:x} to {to:x} is malformed, or of a deployment with another secret";
        }

        ulong next = from;
        foreach (TextEntry entry in _texts.AsSpan(0, count))
        {
            if (kind == FrameKind.Texts)
            {
                Clear(next, entry.Position);
                next = entry.Position + 1;
            }

            _table.SetText(entry.Text, entry.Present);
            EntriesApplied++;
        }

        if (kind == FrameKind.Texts)
        {
            Clear(next, to);
        }

        Array.Clear(_texts, 0, count);
        MoveTo(to);
        return null;
    }

    private void Clear(ulong from, ulong to)
    {
        if (from < to)
        {
            _table.RemoveRange(from, to);
        }
    }

    private void MoveTo(ulong position)
    {
        _state.Position = InterestPosition.Normal(position);
        PassRanges();
    }
}

using Causeway.Core.Memory;

namespace Causeway.Core.Interest;

/// <summary>
/// Tells one receiver what an <see cref="InterestTable"/> holds, in rounds: walks over the table that write what the receiver lacks.
/// What waits to be told is in the table only, so a sender's memory is fixed, whatever the changes and however long a link stalls.
/// Outlives connections: <see cref="OnState"/> begins one, <see cref="Disconnected"/> ends it. Not thread-safe, but the table may
/// change at any time.
/// </summary>
public sealed partial class InterestSender : IDisposable
{
    /// <summary>Default of most bytes on their way or not yet acknowledged.</summary>
    public const int DefaultMaxUnackedBytes = 64 * 1024;

    // A literal block's or text block's head and fields, at most.
    private const int FrameHeadBytes = 40;
    private const int FixedBytes = (InterestWire.MostLiterals * 8) + InterestWire.MaxBlockBytes + (InterestWire.MostTexts * 24);

    private readonly InterestTable _table;
    private readonly MemoryAccount _account;
    private readonly IBlockCompressor? _compressor;
    private readonly ulong[] _literals = new ulong[InterestWire.MostLiterals];
    private readonly TextEntry[] _texts = new TextEntry[InterestWire.MostTexts];
    private readonly byte[] _scratch = new byte[InterestWire.MaxBlockBytes];
    private InterestCursor _cursor;
    private SenderCounters _counters;
    private bool _isConnected;
    private ulong _sentBytes;
    private ulong _ackedBytes;
    private ulong _roundNumber;
    private Stage _stage;
    private RoundMode _mode;
    private ulong _base;
    private ulong _target;
    private ulong _at;
    private ulong _toldTo;
    private ulong _receiverVersion;
    private long _receiverLiterals;
    private long _receiverTexts;

    /// <summary>Creates a sender over <paramref name="table"/>, whose fixed memory is booked on <paramref name="account"/>.</summary>
    public InterestSender(
        InterestTable table, MemoryAccount account, IBlockCompressor? compressor = null, int maxUnackedBytes = DefaultMaxUnackedBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxUnackedBytes, InterestWire.MaxBlockBytes);
        _table = table;
        _account = account;
        _compressor = compressor;
        MaxUnackedBytes = maxUnackedBytes;
        _account.Charge(MemoryUse.Interest, FixedBytes);
        _cursor = table.Register();
    }

    private enum Stage { Idle, Begin, Body }

    private bool IsFull => (_mode & RoundMode.Full) != 0;

    /// <summary>What was done so far.</summary>
    public SenderCounters Counters => _counters;

    /// <summary>The version that the receiver is known to have, or from which its tombstones are kept while a full round runs.</summary>
    public ulong Cursor => _cursor.Version;

    /// <summary>True while a round tells everything.</summary>
    public bool IsInFullRound => _isConnected && _stage != Stage.Idle && IsFull;

    /// <summary>True when the receiver is known to hold what the table holds.</summary>
    public bool IsConverged =>
        _isConnected && _stage == Stage.Idle && !_cursor.IsLost && _ackedBytes == _sentBytes && _toldTo == _table.Version;

    /// <summary>The version that the receiver has said it has, on this connection or when it began; 0 while it is told everything.</summary>
    public ulong AckedVersion { get; private set; }

    /// <summary>Changes that the receiver may not know; an upper bound, since one entry may have changed often.</summary>
    public ulong LagEntries => _table.Version - Math.Min(_table.Version, _cursor.Version);

    /// <summary>Most bytes on their way or not yet acknowledged; may be set at any time, to at least a block.</summary>
    public int MaxUnackedBytes { get; set; }

    /// <summary>Bytes sent on this connection and not acknowledged.</summary>
    public long UnackedBytes => (long)(_sentBytes - _ackedBytes);

    /// <summary>Begins a connection with the state that the receiver sent. Returns what is wrong with it, or null.</summary>
    public string? OnState(ReadOnlySpan<byte> payload)
    {
        if (ReceiverState.Read(payload, out ReceiverState state) is { } fault)
        {
            return fault;
        }

        Disconnected();
        _isConnected = true;
        _receiverLiterals = state.Literals;
        _receiverTexts = state.Texts;
        bool known = state.Epoch == _table.Epoch && (state.HasVersion || (state.InRound && state.IsFullRound));
        bool full = state.InRound && state.IsFullRound;
        if (!known || !TryHold(full ? state.Target : state.Version) || (state.InRound && state.Target > _table.Version))
        {
            BeginFull();
            return null;
        }

        _toldTo = state.Version;
        _receiverVersion = state.Version;
        AckedVersion = full ? 0 : state.Version;
        if (state.InRound)
        {
            _counters.Resumes++;
            Begin(state.Mode, state.Version, state.Target, state.Position);
        }

        return null;
    }

    /// <summary>Takes an answer of the receiver. Returns what is wrong with it, or null.</summary>
    public string? OnReply(ReadOnlySpan<byte> payload)
    {
        if (!_isConnected)
        {
            return "an interest reply came before the state";
        }

        WireReader reader = new(payload);
        ReplyKind kind = (ReplyKind)reader.Byte();
        return kind == ReplyKind.Ack ? OnAck(ref reader) : OnVerdict(kind, ref reader);
    }

    /// <summary>
    /// Writes the next frame, of at most <see cref="InterestWire.MaxBlockBytes"/>, and returns its length; 0 if there is nothing to
    /// tell or too much unacknowledged.
    /// </summary>
    public int TryWrite(Span<byte> destination)
    {
        if (destination.Length < InterestWire.MaxBlockBytes)
        {
            throw new ArgumentException($"a frame needs room for {InterestWire.MaxBlockBytes} bytes", nameof(destination));
        }

        if (!_isConnected || UnackedBytes + InterestWire.MaxBlockBytes > MaxUnackedBytes)
        {
            return 0;
        }

        if (_cursor.IsLost)
        {
            BeginFull();
        }
        else if (_stage == Stage.Idle && !TryBeginDelta())
        {
            return 0;
        }

        int length = WriteFrame(destination[..InterestWire.MaxBlockBytes]);
        _sentBytes += (ulong)length;
        _counters.Bytes += length;
        if (_stage == Stage.Idle && !IsFull)
        {
            _deltaEnds.Enqueue(_sentBytes);
        }

        return length;
    }

    /// <summary>Ends the connection; the cursor keeps what the receiver would miss.</summary>
    public void Disconnected()
    {
        _isConnected = false;
        _stage = Stage.Idle;
        _sentBytes = 0;
        _ackedBytes = 0;
        _deltaEnds.Clear();
        EndReconciling();
    }

    /// <summary>Lets go of the cursor and the memory.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Disconnected();
        _table.Release(_cursor);
        _account.Release(MemoryUse.Interest, FixedBytes);
    }

    /// <summary>Makes the cursor keep all from <paramref name="version"/> on, if that is still there.</summary>
    private bool TryHold(ulong version)
    {
        if (version > _table.Version)
        {
            return false;
        }

        if (!_cursor.IsLost && _cursor.Version <= version)
        {
            _table.Advance(_cursor, version);
            return !_cursor.IsLost;
        }

        if (_table.TryRegister(version) is not { } cursor)
        {
            return false;
        }

        _table.Release(_cursor);
        _cursor = cursor;
        return true;
    }

    private void Begin(RoundMode mode, ulong from, ulong target, ulong position)
    {
        EndReconciling();
        _stage = Stage.Begin;
        _mode = mode;
        _base = from;
        _target = target;
        _at = InterestPosition.Normal(position);
        _roundNumber++;
    }

    private void BeginFull()
    {
        if (_stage != Stage.Idle && IsFull)
        {
            // A round given up has told a part, which need not be listed again.
            double share = _at < InterestPosition.LiteralEnd ? (double)_at / InterestPosition.LiteralEnd : 1;
            _receiverLiterals = Math.Max(_receiverLiterals, (long)(share * _table.Literals));
            _receiverTexts = share < 1 ? _receiverTexts : _table.Texts;
        }

        InterestCursor cursor = _table.Register();
        _table.Release(_cursor);
        _cursor = cursor;
        _toldTo = 0;
        _receiverVersion = 0;
        AckedVersion = 0;
        _counters.FullRounds++;
        Begin(ModeOfFull(), 0, cursor.Version, 0);
    }

    private int WriteFrame(Span<byte> destination)
    {
        WireWriter writer = new(destination);
        if (_stage == Stage.Begin)
        {
            writer.Byte((byte)FrameKind.Begin);
            writer.Byte((byte)_mode);
            writer.Number(_roundNumber);
            writer.Fixed(_table.Epoch);
            writer.Number(IsFull ? 0 : Math.Min(_base, _receiverVersion));
            writer.Number(_target);
            writer.Position(_at);
            _stage = Stage.Body;
            BeginReconciling();
        }
        else if (IsFull)
        {
            WriteFull(ref writer);
        }
        else
        {
            WriteDelta(ref writer);
        }

        return writer.Length;
    }

    private void WriteEnd(ref WireWriter writer)
    {
        writer.Byte((byte)FrameKind.End);
        _toldTo = _target;
        _receiverVersion = _target;
        _stage = Stage.Idle;
        _receiverLiterals = _table.Literals;
        _receiverTexts = _table.Texts;
        EndReconciling();
    }

    /// <summary>
    /// Writes the literals from <paramref name="at"/> on, those changed since a version or all, and moves it behind what was told.
    /// Without changes nothing is written; without literals the range is told to be empty.
    /// </summary>
    private bool WriteLiterals(ref WireWriter writer, ref ulong at, ulong to, ulong? since)
    {
        ulong from = at;
        int found = _table.WalkLiterals(ref at, to, since, _literals);
        if (found == 0 && since is not null)
        {
            return false;
        }

        Span<byte> body = _scratch.AsSpan(0, writer.Rest.Length - FrameHeadBytes);
        int told = LiteralBlock.Write(_literals.AsSpan(0, found), from, since is not null, body, out int bytes);
        at = told < found ? _literals[told] >> 1 : at;
        writer.Byte((byte)(since is null ? FrameKind.Literals : FrameKind.LiteralChanges));
        writer.Position(from);
        writer.Position(at);
        writer.Bytes(body[..bytes]);
        Count(since is null, literalBytes: writer.Length, textBytes: 0);
        return true;
    }

    private bool WriteTexts(ref WireWriter writer, ref ulong at, ulong to, ulong? since)
    {
        ulong from = at;
        int found = _table.WalkTexts(ref at, to, since, _texts);
        if (found == 0 && since is not null)
        {
            return false;
        }

        // The range's end is known only after its texts are: they go behind the head's room, and then up to the head.
        Span<byte> body = writer.Rest[FrameHeadBytes..];
        int told = TextBlock.Write(_texts.AsSpan(0, found), _compressor, _scratch, body, out int bytes);
        at = told < found ? _texts[told].Position : at;
        writer.Byte((byte)(since is null ? FrameKind.Texts : FrameKind.TextChanges));
        writer.Position(from);
        writer.Position(at);
        body[..bytes].CopyTo(writer.Rest);
        writer.Skip(bytes);
        Array.Clear(_texts, 0, found);
        Count(since is null, literalBytes: 0, textBytes: writer.Length);
        return true;
    }

    private void Count(bool full, int literalBytes, int textBytes)
    {
        _counters.FullBlocks += full ? 1 : 0;
        _counters.DeltaBlocks += full ? 0 : 1;
        _counters.FullBytes += full ? literalBytes : 0;
        _counters.DeltaBytes += full ? 0 : literalBytes;
        _counters.TextBytes += textBytes;
    }

    private string? OnAck(ref WireReader reader)
    {
        ulong bytes = reader.Number();
        bool complete = reader.Byte() != 0;
        ulong version = reader.Number();
        if (!reader.IsDone || bytes < _ackedBytes || bytes > _sentBytes)
        {
            return $"an interest acknowledgement of {bytes} bytes; accepted is {_ackedBytes} to {_sentBytes}";
        }

        _ackedBytes = bytes;
        ForgetDeltas(bytes);
        if (complete && version <= _toldTo)
        {
            AckedVersion = version;
            _table.Advance(_cursor, version);
        }

        return null;
    }
}

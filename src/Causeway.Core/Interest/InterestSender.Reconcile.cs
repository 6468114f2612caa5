using System.Numerics;
using Causeway.Core.Memory;

namespace Causeway.Core.Interest;

/// <content>Full rounds, which compare ranges where the receiver has much already, and list them where not.</content>
public sealed partial class InterestSender
{
    // With fewer entries than this at the receiver, comparing gains nothing over listing.
    private const int LeastLiteralsToCompare = 1000;
    private const int LeastTextsToCompare = 32;
    private const int LiteralsPerRange = 32 * 1024;
    private const int TextsPerRange = 512;
    private const int FirstSymbols = 24;
    private const int ReconcilingBytes = InterestWire.MostRanges * SymbolSketch.MemoryBytes;

    // Before the first range is settled nothing is known of the differences, and each range would learn it anew.
    private readonly RangeSlot[] _slots = new RangeSlot[InterestWire.MostRanges];
    private int _firstSlot;
    private int _slotCount;
    private bool _isReconciling;
    private bool _comparesLiterals;
    private bool _comparesTexts;
    private int _literalRangeBits;
    private int _textRangeBits;
    private bool _hasEstimate;
    private double _estimate;
    private bool _disposed;

    private RoundMode ModeOfFull() => RoundMode.Full
        | (_receiverLiterals >= LeastLiteralsToCompare && _table.Literals >= LeastLiteralsToCompare ? RoundMode.ComparesLiterals : 0)
        | (_receiverTexts >= LeastTextsToCompare && _table.Texts >= LeastTextsToCompare ? RoundMode.ComparesTexts : 0);

    private void BeginReconciling()
    {
        _comparesLiterals = IsFull && (_mode & RoundMode.ComparesLiterals) != 0;
        _comparesTexts = IsFull && (_mode & RoundMode.ComparesTexts) != 0;
        if (!_comparesLiterals && !_comparesTexts)
        {
            return;
        }

        _isReconciling = true;
        _hasEstimate = false;
        _estimate = 0;
        _counters.Reconciliations++;
        _literalRangeBits = FingerprintKey.Bits - SplitBits(_table.Literals, LiteralsPerRange);
        _textRangeBits = 63 - SplitBits(_table.Texts, TextsPerRange);
        _account.Charge(MemoryUse.Interest, ReconcilingBytes);
        for (int i = 0; i < _slots.Length; i++)
        {
            _slots[i] = new RangeSlot();
        }
    }

    private void EndReconciling()
    {
        if (_isReconciling)
        {
            _isReconciling = false;
            _account.Release(MemoryUse.Interest, ReconcilingBytes);
            Array.Clear(_slots);
        }

        _firstSlot = 0;
        _slotCount = 0;
    }

    private static int SplitBits(long entries, int perRange) =>
        entries <= perRange ? 0 : BitOperations.Log2((ulong)((entries + perRange - 1) / perRange) * 2 - 1);

    private RangeSlot Slot(int number) => _slots[(_firstSlot + number) % _slots.Length];

    private void WriteFull(ref WireWriter writer)
    {
        _at = _slotCount == 0 ? InterestPosition.Normal(_at) : _at;
        if (_slotCount > 0 || (_at != InterestPosition.End && (_at < InterestPosition.LiteralEnd ? _comparesLiterals : _comparesTexts)))
        {
            WriteCompared(ref writer);
        }
        else if (_at < InterestPosition.LiteralEnd)
        {
            WriteLiterals(ref writer, ref _at, InterestPosition.LiteralEnd, null);
        }
        else if (_at < InterestPosition.End)
        {
            WriteTexts(ref writer, ref _at, InterestPosition.End, null);
        }
        else
        {
            WriteEnd(ref writer);
        }
    }

    /// <summary>Writes on for one of the ranges that are being compared, or for another one, or waits.</summary>
    private void WriteCompared(ref WireWriter writer)
    {
        while (_slotCount > 0 && Slot(0).Stage == RangeStage.Settled)
        {
            PopSlot();
        }

        if (_slotCount > 0 && Slot(0).Stage == RangeStage.Listing)
        {
            WriteListing(ref writer, Slot(0));
            return;
        }

        for (int i = 0; i < _slotCount; i++)
        {
            if (Slot(i).Stage == RangeStage.Due)
            {
                WriteSymbols(ref writer, Slot(i));
                return;
            }
        }

        bool more = _at < InterestPosition.LiteralEnd ? _comparesLiterals : _at >= InterestPosition.TextStart && _at != InterestPosition.End && _comparesTexts;
        bool wide = _hasEstimate || _at >= InterestPosition.TextStart;
        if (more && _slotCount < (wide ? _slots.Length : 1))
        {
            OpenSlot(ref writer);
        }
        else if (_slotCount == 0)
        {
            WriteFull(ref writer);
        }
    }

    private void PopSlot()
    {
        _firstSlot = (_firstSlot + 1) % _slots.Length;
        _slotCount--;
    }

    private void WriteListing(ref WireWriter writer, RangeSlot slot)
    {
        ulong at = slot.From;
        if (slot.IsText)
        {
            WriteTexts(ref writer, ref at, slot.To, null);
        }
        else
        {
            WriteLiterals(ref writer, ref at, slot.To, null);
        }

        slot.From = at;
        if (at == slot.To)
        {
            PopSlot();
        }
    }

    private void OpenSlot(ref WireWriter writer)
    {
        bool isText = _at >= InterestPosition.TextStart;
        ulong size = 1UL << (isText ? _textRangeBits : _literalRangeBits);
        ulong end = isText ? InterestPosition.End : InterestPosition.LiteralEnd;
        ulong to = (_at & ~(size - 1)) + size;
        to = to == 0 || to > end ? end : to;
        RangeSlot slot = Slot(_slotCount++);
        slot.Open(_table, _at, to);
        _at = isText ? to : InterestPosition.Normal(to);
        slot.Stage = RangeStage.Due;
        if (!isText)
        {
            int bits = SymbolBlock.KeyBits(slot.From, to) + SymbolSketch.CheckBits;
            slot.MostSymbols = (int)Math.Min(InterestWire.MostSymbols, LiteralBlock.BitsFor(slot.Digest.Count, to - slot.From) / bits);
            if (FirstBatch() > slot.MostSymbols)
            {
                // Listed without a try; the estimate fades, so that after some ranges there is one again.
                _estimate *= 0.9;
                _counters.RangesListed++;
                slot.Stage = RangeStage.Listing;
            }
        }

        WriteCompared(ref writer);
    }

    // About 1.35 symbols for each difference, and more when there are few: so that the first batch mostly is enough.
    private int FirstBatch() => _hasEstimate ? 4 + (int)((1.35 * _estimate) + (2.5 * Math.Sqrt(_estimate))) : FirstSymbols;

    private void WriteSymbols(ref WireWriter writer, RangeSlot slot)
    {
        int keyBits = slot.IsText ? 0 : SymbolBlock.KeyBits(slot.From, slot.To);
        writer.Byte((byte)FrameKind.Symbols);
        writer.Position(slot.From);
        writer.Position(slot.To);
        writer.Number((ulong)slot.Told);
        if (slot.Told == 0)
        {
            writer.Number((ulong)slot.Digest.Count);
            writer.Fixed(slot.Digest.Mix);
        }

        int count = 0;
        if (!slot.IsText)
        {
            int wanted = slot.Told == 0 ? FirstBatch() : _hasEstimate ? (slot.Told / 8) + 4 : slot.Told;
            int room = (writer.Rest.Length - 4) * 8 / (keyBits + SymbolSketch.CheckBits);
            count = Math.Min(Math.Min(wanted, room), slot.MostSymbols - slot.Told);
        }

        writer.Number((ulong)count);
        SymbolBlock.Write(slot.Sketch.Symbols.AsSpan(slot.Told, count), keyBits, writer.Rest);
        writer.Skip(SymbolBlock.BytesFor(count, keyBits));
        slot.Told += count;
        slot.Stage = RangeStage.Waiting;
        _counters.Symbols += count;
        _counters.SymbolBytes += writer.Length;
    }

    private string? OnVerdict(ReplyKind kind, ref WireReader reader)
    {
        ulong round = reader.Number();
        ulong from = reader.Position();
        int differences = reader.Number(InterestWire.MostSymbols);
        if (!reader.IsDone || kind is < ReplyKind.Same or > ReplyKind.List)
        {
            return $"an interest reply of kind {(byte)kind} is malformed";
        }

        if (round != _roundNumber || FindWaiting(from) is not { } slot)
        {
            // Of a round that was given up meanwhile.
            return round <= _roundNumber ? null : $"an interest reply to round {round}; the latest is {_roundNumber}";
        }

        bool mustList = kind == ReplyKind.List || (kind == ReplyKind.More && (slot.IsText || slot.Told >= slot.MostSymbols));
        if (kind == ReplyKind.Same)
        {
            slot.Stage = RangeStage.Settled;
            _counters.RangesSettled++;
            _counters.Differences += differences;
            Estimate(slot, _hasEstimate ? ((_estimate * 3) + differences) / 4 : differences);
        }
        else if (mustList)
        {
            slot.Stage = RangeStage.Listing;
            _counters.RangesListed++;
            Estimate(slot, Math.Max(_estimate, slot.Told));
        }
        else
        {
            slot.Stage = RangeStage.Due;
        }

        return null;
    }

    private void Estimate(RangeSlot slot, double differences)
    {
        if (!slot.IsText)
        {
            _estimate = differences;
            _hasEstimate = true;
        }
    }

    private RangeSlot? FindWaiting(ulong from)
    {
        for (int i = 0; i < _slotCount; i++)
        {
            if (Slot(i).From == from && Slot(i).Stage == RangeStage.Waiting)
            {
                return Slot(i);
            }
        }

        return null;
    }
}

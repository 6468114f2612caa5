using Causeway.Core.Memory;

namespace Causeway.Core.Interest;

/// <content>Ranges that are compared: what the sender's symbols and digests say of them, and the verdicts.</content>
public sealed partial class InterestReceiver
{
    private const int ComparingBytes = (InterestWire.MostRanges * SymbolSketch.MemoryBytes) + SymbolDecoder.MemoryBytes;

    private readonly RangeSlot[] _slots = new RangeSlot[InterestWire.MostRanges];
    private SymbolDecoder? _decoder;
    private int _firstSlot;
    private int _slotCount;
    private int _dueSlots;

    private RangeSlot Slot(int number) => _slots[(_firstSlot + number) % _slots.Length];

    private void BeginComparing()
    {
        if (_decoder is not null)
        {
            return;
        }

        _decoder = new SymbolDecoder();
        _account.Charge(MemoryUse.Interest, ComparingBytes);
        for (int i = 0; i < _slots.Length; i++)
        {
            _slots[i] = new RangeSlot();
        }
    }

    private void EndComparing()
    {
        if (_decoder is not null)
        {
            _decoder = null;
            _account.Release(MemoryUse.Interest, ComparingBytes);
            Array.Clear(_slots);
        }

        _firstSlot = 0;
        _slotCount = 0;
        _dueSlots = 0;
    }

    private string? OnSymbols(ref WireReader reader)
    {
        ulong from = reader.Position();
        ulong to = reader.Position();
        int told = reader.Number(InterestWire.MostSymbols);
        RangeDigest digest = told == 0 ? new RangeDigest((long)(reader.Number() & long.MaxValue), reader.Fixed()) : default;
        int count = reader.Number(InterestWire.MostSymbols);
        bool text = from >= InterestPosition.TextStart;
        bool inSpace = from < to && (text ? count == 0 : to <= InterestPosition.LiteralEnd);
        int keyBits = inSpace && !text ? SymbolBlock.KeyBits(from, to) : 0;
        if (reader.Failed || !inSpace || !_state.IsFullRound || told + count > InterestWire.MostSymbols
            || reader.Rest.Length != SymbolBlock.BytesFor(count, keyBits))
        {
            return $"interest symbols of the range from {from:x} to {to:x} are malformed";
        }

        RangeSlot? slot = told == 0 ? OpenSlot(from, to, digest) : FindSlot(from, told);
        if (slot is null)
        {
            return $"interest symbols {told} of the range from {from:x} are out of turn";
        }

        if (!text)
        {
            Span<CodedSymbol> own = slot.Sketch.Symbols.AsSpan(told, count);
            SymbolBlock.Subtract(reader.Rest, keyBits, own);
            slot.Told += count;
        }

        Judge(slot);
        return null;
    }

    /// <summary>Begins with a range, which must follow those begun before; null if it does not or is one too many.</summary>
    private RangeSlot? OpenSlot(ulong from, ulong to, RangeDigest digest)
    {
        // Ranges that the sender lists without a word before leave gaps, which the listing fills.
        ulong least = _slotCount == 0 ? _state.Position : Slot(_slotCount - 1).To;
        if (_slotCount == _slots.Length || from < least)
        {
            return null;
        }

        BeginComparing();
        RangeSlot slot = Slot(_slotCount++);
        slot.Open(_table, from, to);
        slot.OtherDigest = digest;
        return slot;
    }

    private RangeSlot? FindSlot(ulong from, int told)
    {
        for (int i = 0; i < _slotCount; i++)
        {
            if (Slot(i).From == from && Slot(i).Told == told && Slot(i).Stage == RangeStage.Waiting)
            {
                return Slot(i);
            }
        }

        return null;
    }

    private void Judge(RangeSlot slot)
    {
        slot.Stage = RangeStage.Due;
        slot.Verdict = slot.IsText ? JudgeTexts(slot) : JudgeLiterals(slot);
        _dueSlots++;
    }

    private static ReplyKind JudgeTexts(RangeSlot slot) => slot.Digest == slot.OtherDigest ? ReplyKind.Same : ReplyKind.List;

    private ReplyKind JudgeLiterals(RangeSlot slot)
    {
        int keyBits = SymbolBlock.KeyBits(slot.From, slot.To);
        if (!_decoder!.TryDecode(slot.Sketch.Symbols.AsSpan(0, slot.Told), SymbolBlock.Prefix(slot.From, slot.To), keyBits))
        {
            return slot.Told < InterestWire.MostSymbols ? ReplyKind.More : ReplyKind.List;
        }

        RangeDigest result = slot.Digest;
        foreach (ulong fingerprint in _decoder.Found)
        {
            if (fingerprint < slot.From || fingerprint >= slot.To)
            {
                return ReplyKind.List;
            }

            if (_table.Contains(fingerprint))
            {
                result.Remove(fingerprint);
            }
            else
            {
                result.Add(fingerprint);
            }
        }

        if (result != slot.OtherDigest)
        {
            return ReplyKind.List;
        }

        foreach (ulong fingerprint in _decoder.Found)
        {
            _table.SetLiteral(fingerprint, !_table.Contains(fingerprint));
        }

        slot.Differences = _decoder.Found.Length;
        EntriesApplied += slot.Differences;
        return ReplyKind.Same;
    }

    private bool TryWriteVerdict(ref WireWriter writer)
    {
        for (int i = 0; _dueSlots > 0 && i < _slotCount; i++)
        {
            RangeSlot slot = Slot(i);
            if (slot.Stage == RangeStage.Due)
            {
                writer.Byte((byte)slot.Verdict);
                writer.Number(_roundNumber);
                writer.Position(slot.From);
                writer.Number((ulong)slot.Differences);
                _dueSlots--;
                slot.Stage = slot.Verdict switch
                {
                    ReplyKind.Same => RangeStage.Settled,
                    ReplyKind.More => RangeStage.Waiting,
                    _ => RangeStage.Listing,
                };
                PassRanges();
                return true;
            }
        }

        return false;
    }

    /// <summary>Passes over the ranges that are settled or were listed, and moves the round's place with them.</summary>
    private void PassRanges()
    {
        while (_slotCount > 0)
        {
            RangeSlot first = Slot(0);
            bool settled = first.Stage == RangeStage.Settled && InterestPosition.IsSame(first.From, _state.Position);
            if (!settled && first.To > _state.Position)
            {
                return;
            }

            _state.Position = settled ? InterestPosition.Normal(first.To) : _state.Position;
            _firstSlot = (_firstSlot + 1) % _slots.Length;
            _slotCount--;
        }
    }
}

namespace Causeway.Core.Interest;

/// <content>Rounds of changes, a few at a time: the slower the link, the more each tells.</content>
public sealed partial class InterestSender
{
    /// <summary>
    /// Most rounds of changes on their way. What changes meanwhile waits in the table, for a round trip at most, and is told together,
    /// which takes fewer bytes for each change.
    /// </summary>
    public const int MostDeltaRoundsUnderWay = 8;

    // Behind how many sent bytes each round of changes on its way ends.
    private readonly Queue<ulong> _deltaEnds = new(MostDeltaRoundsUnderWay);
    private bool _isHeld;

    private bool TryBeginDelta()
    {
        ulong target = _table.Version;
        if (target == _toldTo)
        {
            return false;
        }

        if (_deltaEnds.Count >= MostDeltaRoundsUnderWay)
        {
            _counters.DeltaRoundsHeld += _isHeld ? 0 : 1;
            _isHeld = true;
            return false;
        }

        // What came and went untold leaves versions without entries: no round for those, and the receiver does not learn of them.
        ulong at = 0;
        if (_table.WalkLiterals(ref at, InterestPosition.LiteralEnd, _toldTo, _literals.AsSpan(0, 1)) == 0)
        {
            at = InterestPosition.TextStart;
            if (_table.WalkTexts(ref at, InterestPosition.End, _toldTo, _texts.AsSpan(0, 1)) == 0)
            {
                _toldTo = target;
                if (UnackedBytes == 0)
                {
                    _table.Advance(_cursor, target);
                }

                return false;
            }
        }

        _isHeld = false;
        _counters.DeltaRounds++;
        Begin(RoundMode.Changes, _toldTo, target, 0);
        return true;
    }

    private void WriteDelta(ref WireWriter writer)
    {
        if (_at < InterestPosition.LiteralEnd && WriteLiterals(ref writer, ref _at, InterestPosition.LiteralEnd, _base))
        {
            return;
        }

        _at = Math.Max(_at, InterestPosition.TextStart);
        if (_at == InterestPosition.End || !WriteTexts(ref writer, ref _at, InterestPosition.End, _base))
        {
            WriteEnd(ref writer);
        }
    }

    private void ForgetDeltas(ulong ackedBytes)
    {
        while (_deltaEnds.TryPeek(out ulong end) && end <= ackedBytes)
        {
            _deltaEnds.Dequeue();
        }
    }
}

namespace Causeway.Drill.Load.Accounting;

/// <summary>
/// One stream as one subscriber gets it: which numbers it is owed, which came, which are missing. A missing one that comes later is no
/// longer missing, only out of order. Belongs to one thread at a time.
/// </summary>
internal sealed class Track
{
    /// <summary>Gaps that are remembered; what comes late of older ones counts as doubled.</summary>
    private const int MaxGaps = 32;

    private readonly List<(long From, long To)> _gaps = [];
    private readonly long _dueFrom;

    /// <param name="stream">The stream.</param>
    /// <param name="dueFrom">The first number that is owed.</param>
    public Track(MessageStream stream, long dueFrom)
    {
        Stream = stream;
        _dueFrom = dueFrom;
        Next = dueFrom;
    }

    /// <summary>The stream.</summary>
    public MessageStream Stream { get; }

    /// <summary>The next number that is due.</summary>
    public long Next { get; private set; }

    /// <summary>Takes a message and tells what it changes.</summary>
    public Arrival Receive(long number)
    {
        if (number >= Next)
        {
            // Behind a connection that has ended a gap says nothing: what the client still had to send came over the next one.
            long missing = Stream.HasEnded ? 0 : Miss(number);
            Next = number + 1;
            return new Arrival(Received: 1, Lost: missing, Disordered: 0);
        }

        // What was published before the subscriber was owed anything is neither here nor there.
        return number < _dueFrom ? default : Fill(number) ? new Arrival(1, -1, 1) : new Arrival(0, 0, 1);
    }

    /// <summary>Gives up what was published before <paramref name="number"/> and has not come; tells how much that is.</summary>
    public long Miss(long number)
    {
        long missing = number - Next;
        if (missing <= 0)
        {
            return 0;
        }

        if (_gaps.Count == MaxGaps)
        {
            _gaps.RemoveAt(0);
        }

        _gaps.Add((Next, number));
        Next = number;
        return missing;
    }

    private bool Fill(long number)
    {
        int at = _gaps.FindIndex(gap => number >= gap.From && number < gap.To);
        if (at < 0)
        {
            return false;
        }

        (long from, long to) = _gaps[at];
        _gaps.RemoveAt(at);
        if (from < number)
        {
            _gaps.Add((from, number));
        }

        if (number + 1 < to)
        {
            _gaps.Add((number + 1, to));
        }

        return true;
    }
}

/// <summary>What a message's arrival changes. Immutable.</summary>
internal readonly record struct Arrival(long Received, long Lost, long Disordered);

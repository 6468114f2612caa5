namespace Causeway.Drill.Load.Accounting;

/// <summary>
/// One client's place in one room over one connection. Once it is settled, it is owed every message that is published to the room
/// from then on. Thread-safe.
/// </summary>
internal sealed class Receiver(object client, string region, Tally tally)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Track> _tracks = [];

    /// <summary>Who receives.</summary>
    public object Client => client;

    /// <summary>Owes it what is published to the stream from <paramref name="dueFrom"/> on; its own messages nobody owes it.</summary>
    public void Owe(MessageStream stream, long dueFrom)
    {
        if (stream.Publisher != client)
        {
            lock (_gate)
            {
                _tracks.TryAdd(stream.Id, new Track(stream, dueFrom));
            }
        }
    }

    /// <summary>Takes a message; one of a stream of which nothing is owed counts nothing.</summary>
    public void Receive(int stream, long number)
    {
        lock (_gate)
        {
            if (_tracks.TryGetValue(stream, out Track? track))
            {
                tally.Add(track.Receive(number), IsLocal(track.Stream));
            }
        }
    }

    /// <summary>Nothing more of the stream is owed.</summary>
    public void Forget(int stream)
    {
        lock (_gate)
        {
            _tracks.Remove(stream);
        }
    }

    /// <summary>True if all that was published to the stream before <paramref name="number"/> has come, is missing, or is not owed.</summary>
    public bool HasAll(int stream, long number)
    {
        lock (_gate)
        {
            return !_tracks.TryGetValue(stream, out Track? track) || track.Next >= number;
        }
    }

    /// <summary>Counts what was published to the stream before <paramref name="number"/> and has not come as missing.</summary>
    public void GiveUp(int stream, long number)
    {
        lock (_gate)
        {
            if (_tracks.TryGetValue(stream, out Track? track))
            {
                tally.Add(new Arrival(0, track.Miss(number), 0), IsLocal(track.Stream));
            }
        }
    }

    private bool IsLocal(MessageStream stream) => stream.Region == region;
}

using Causeway.Core.Control;

namespace Causeway.Core.Alarms;

/// <summary>The last changes of alarms, bounded in count and in bytes: the oldest are forgotten, and counted. Thread-safe.</summary>
/// <param name="maxEntries">Most changes kept.</param>
/// <param name="maxBytes">Most memory that they may take, in bytes, reckoned by their texts.</param>
public sealed class IncidentLog(int maxEntries, long maxBytes)
{
    /// <summary>What an entry takes besides its texts: the objects, their headers and their places.</summary>
    private const long EntryBytes = 400;

    private readonly Lock _lock = new();
    private readonly Queue<AlarmChange> _entries = new();
    private long _bytes;
    private long _forgotten;

    /// <summary>Memory that is taken, in bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Changes that were forgotten for want of room.</summary>
    public long Forgotten => Volatile.Read(ref _forgotten);

    /// <summary>Keeps <paramref name="change"/>. One that is larger than the whole log is forgotten at once.</summary>
    public void Add(AlarmChange change)
    {
        lock (_lock)
        {
            _entries.Enqueue(change);
            _bytes += SizeOf(change);
            while (_entries.Count > maxEntries || _bytes > maxBytes)
            {
                _bytes -= SizeOf(_entries.Dequeue());
                _forgotten++;
            }
        }
    }

    /// <summary>The last <paramref name="most"/> changes, the newest first.</summary>
    public IReadOnlyList<AlarmChange> Recent(int most)
    {
        lock (_lock)
        {
            return [.. _entries.Reverse().Take(most)];
        }
    }

    private static long SizeOf(AlarmChange change)
    {
        AlarmReport alarm = change.Alarm;
        long characters = alarm.Key.Length + alarm.Rule.Length + alarm.Subject.Length + alarm.Summary.Length + alarm.Cause.Length
            + alarm.Details.Sum(detail => detail.Key.Length + detail.Value.Length);
        return EntryBytes + (characters * sizeof(char));
    }
}

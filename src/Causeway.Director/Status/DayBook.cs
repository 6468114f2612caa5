using System.Collections.Immutable;
using System.Globalization;

namespace Causeway.Director.Status;

/// <summary>The stored records of the last days. The director that publishes writes the current one, the others read it. Not thread-safe.</summary>
internal sealed class DayBook(IStatusDocuments documents)
{
    private readonly SortedDictionary<DateOnly, DayRecord> _past = [];
    private StoredDocument<DayRecord>? _today;
    private DayRecord? _unwritten;
    private DateTimeOffset _nextVisit;

    /// <summary>The records, oldest first, the current day's as far as this director knows it.</summary>
    public ImmutableArray<DayRecord> Days => [.. _past.Values, .. Today is { } today ? [today] : ImmutableArray<DayRecord>.Empty];

    private DayRecord? Today => _unwritten ?? _today?.Value;

    /// <summary>Reads what others have written, from time to time.</summary>
    public async ValueTask FollowAsync(DateTimeOffset now, CancellationToken cancel)
    {
        await EnterDayAsync(now, cancel).ConfigureAwait(false);
        _unwritten = null;
        if (IsTime(now))
        {
            await _today!.ReadAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Counts the time up to <paramref name="now"/> as spent in the states of <paramref name="components"/>, and writes it from time to time.</summary>
    public async ValueTask AccountAsync(ImmutableArray<ComponentStatus> components, DateTimeOffset now, CancellationToken cancel)
    {
        if (_today is { } ending && ending.Value.Day < DayRecord.DayOf(now))
        {
            // If another director wrote it meanwhile, that one has counted the time.
            await ending.TryWriteAsync(Today!.Account(components, now), cancel).ConfigureAwait(false);
        }

        await EnterDayAsync(now, cancel).ConfigureAwait(false);
        _unwritten = Today!.Account(components, now);
        if (IsTime(now))
        {
            if (!await _today!.TryWriteAsync(_unwritten, cancel).ConfigureAwait(false))
            {
                await _today.ReadAsync(cancel).ConfigureAwait(false);
            }

            _unwritten = null;
        }
    }

    private async ValueTask EnterDayAsync(DateTimeOffset now, CancellationToken cancel)
    {
        DateOnly day = DayRecord.DayOf(now);
        if (_today?.Value.Day == day)
        {
            return;
        }

        for (DateOnly past = day.AddDays(1 - StatusLimits.Days); past < day; past = past.AddDays(1))
        {
            if (!_past.ContainsKey(past) || past == _today?.Value.Day)
            {
                StoredDocument<DayRecord> document = Document(past, default);
                await document.ReadAsync(cancel).ConfigureAwait(false);
                _past[past] = document.Value;
            }
        }

        foreach (DateOnly old in _past.Keys.Where(old => old <= day.AddDays(-StatusLimits.Days) || old >= day).ToList())
        {
            _past.Remove(old);
        }

        StoredDocument<DayRecord> today = Document(day, now);
        await today.ReadAsync(cancel).ConfigureAwait(false);
        (_today, _unwritten) = (today, null);
    }

    private bool IsTime(DateTimeOffset now)
    {
        // A clock that was set back must not stop the writing.
        if (now < _nextVisit && now > _nextVisit - (2 * StatusLimits.DayWriteInterval))
        {
            return false;
        }

        _nextVisit = now + StatusLimits.DayWriteInterval;
        return true;
    }

    private StoredDocument<DayRecord> Document(DateOnly day, DateTimeOffset from) =>
        new(documents, "status/day/" + day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), StatusJson.Default.DayRecord, DayRecord.Begin(day, from));
}

namespace Causeway.Director.Admission;

/// <summary>
/// The grants of one region: never more than its room, never faster than its rate, and in the order in which clients came. Holds no
/// clock; not thread-safe. The script in the Redis store is the same rule.
/// </summary>
/// <remarks>
/// A token bucket bounds the rate. A client that has to wait gets a turn, the turns being one interval apart, and is told when it is;
/// newcomers stand behind all turns given. A client that comes later than <see cref="AdmissionLimits.TurnGrace"/> has lost its turn.
/// </remarks>
public sealed class GrantBook
{
    private readonly Dictionary<string, TimeSpan> _grants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _turns = new(StringComparer.Ordinal);
    private TimeSpan _nextExpiry = TimeSpan.MaxValue;
    private TimeSpan _nextTurn = TimeSpan.MinValue;
    private double _tokens = double.PositiveInfinity;
    private TimeSpan _filledAt;

    /// <summary>Grants that have not expired at <paramref name="now"/>.</summary>
    public int Outstanding(TimeSpan now)
    {
        Expire(now);
        return _grants.Count;
    }

    /// <summary>Decides on <paramref name="request"/> at <paramref name="now"/>, on a clock that goes forward evenly.</summary>
    public GrantAnswer Take(GrantRequest request, TimeSpan now)
    {
        Expire(now);
        Fill(request, now);
        if (_grants.ContainsKey(request.Client))
        {
            Grant(request.Client, now);
            return new GrantAnswer(GrantResult.Granted, TimeSpan.Zero, _grants.Count);
        }

        if (_grants.Count >= Math.Min(request.Room, AdmissionLimits.MaxGrants))
        {
            return new GrantAnswer(GrantResult.Full, AdmissionLimits.FullWait, _grants.Count);
        }

        TimeSpan interval = TimeSpan.FromSeconds(1 / request.RatePerSecond);
        bool hasTurn = _turns.TryGetValue(request.Client, out TimeSpan turn);
        if ((hasTurn ? turn <= now : _nextTurn <= now) && _tokens >= 1)
        {
            _tokens--;
            _turns.Remove(request.Client);
            Grant(request.Client, now);
            return new GrantAnswer(GrantResult.Granted, TimeSpan.Zero, _grants.Count);
        }

        if (hasTurn)
        {
            // It is early, or others came late and at once: its turn is moved, and those who come after stay behind it.
            turn = turn > now ? turn : now + (interval * Math.Max(1 - _tokens, 0.1));
            _turns[request.Client] = turn;
            return new GrantAnswer(GrantResult.Queued, turn - now, _grants.Count);
        }

        TimeSpan next = Max(_nextTurn, now + (interval * Math.Max(1 - _tokens, 0)));
        if (next - now > request.MaxWait || _turns.Count >= AdmissionLimits.MaxQueued)
        {
            return new GrantAnswer(GrantResult.Busy, next - now, _grants.Count);
        }

        _turns[request.Client] = next;
        _nextTurn = next + interval;
        _nextExpiry = next + AdmissionLimits.TurnGrace < _nextExpiry ? next + AdmissionLimits.TurnGrace : _nextExpiry;
        return new GrantAnswer(GrantResult.Queued, next - now, _grants.Count);
    }

    /// <summary>The client has arrived: its grant ends after <see cref="AdmissionLimits.SettleTime"/>, if it does not end sooner.</summary>
    public void Settle(string client, TimeSpan now)
    {
        TimeSpan end = now + AdmissionLimits.SettleTime;
        if (_grants.TryGetValue(client, out TimeSpan expiry) && expiry > end)
        {
            _grants[client] = end;
            _nextExpiry = end < _nextExpiry ? end : _nextExpiry;
        }
    }

    private void Grant(string client, TimeSpan now)
    {
        TimeSpan end = now + AdmissionLimits.GrantLease;
        _grants[client] = end;
        _nextExpiry = end < _nextExpiry ? end : _nextExpiry;
    }

    private void Fill(GrantRequest request, TimeSpan now)
    {
        double passed = Math.Max(0, (now - _filledAt).TotalSeconds);
        _tokens = Math.Min(Math.Max(1, request.Burst), _tokens + (passed * request.RatePerSecond));
        _filledAt = now;
    }

    private void Expire(TimeSpan now)
    {
        if (now < _nextExpiry)
        {
            return;
        }

        Drop(_grants, now);
        Drop(_turns, now - AdmissionLimits.TurnGrace);

        // Not before a moment from now: a walk over all of them for each request would be too dear.
        TimeSpan first = _grants.Count > 0 ? _grants.Values.Min() : now + AdmissionLimits.TurnGrace;
        _nextExpiry = Max(first, now + TimeSpan.FromMilliseconds(100));
    }

    private static void Drop(Dictionary<string, TimeSpan> ends, TimeSpan now)
    {
        foreach ((string client, TimeSpan end) in ends)
        {
            if (end <= now)
            {
                ends.Remove(client);
            }
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

namespace Causeway.Core.Clients;

/// <summary>
/// Decides when a quiet client is sent a PING and when it is stale. Times are milliseconds on the caller's clock; one thread.
/// </summary>
public sealed class ClientLiveness
{
    /// <summary>Time from the connection to its first PING, which measures the round trip, in milliseconds.</summary>
    public const long FirstPingMilliseconds = 2000;

    private long _interval;
    private int _maxPingsOut;
    private long _nextCheck;
    private long _lastActivity;
    private long _lastPong = long.MinValue;
    private long _pingSent;
    private bool _awaitsPong;
    private bool _pinged;

    /// <summary>Begins at <paramref name="now"/>.</summary>
    public ClientLiveness(Limits limits, long now)
    {
        SetLimits(limits);
        _lastActivity = now;
        _nextCheck = now + Math.Min(FirstPingMilliseconds, _interval);
    }

    /// <summary>Other limits hold from the next check on, which is not later than the new interval from <paramref name="now"/>.</summary>
    public void SetLimits(Limits limits, long now)
    {
        SetLimits(limits);
        _nextCheck = Math.Min(_nextCheck, now + _interval);
    }

    private void SetLimits(Limits limits)
    {
        _interval = Math.Max(1, (long)limits.PingInterval.TotalMilliseconds);
        _maxPingsOut = limits.MaxPingsOut;
    }

    /// <summary>What <see cref="Check"/> asks for.</summary>
    public enum Verdict
    {
        /// <summary>Nothing.</summary>
        Fine,

        /// <summary>Send a PING.</summary>
        Ping,

        /// <summary>Close: the client does not answer.</summary>
        Stale,
    }

    /// <summary>PINGs without an answer, or anything else, from the client since.</summary>
    public int PingsOut { get; private set; }

    /// <summary>The last measured round trip in milliseconds; -1 before the first.</summary>
    public long RoundTripMilliseconds { get; private set; } = -1;

    /// <summary>When the client last sent something.</summary>
    public long LastActivity => Volatile.Read(ref _lastActivity);

    /// <summary>True once a PONG has come.</summary>
    public bool SawPong { get; private set; }

    /// <summary>Notes that the client sent something.</summary>
    public void OnActivity(long now) => Volatile.Write(ref _lastActivity, now);

    /// <summary>Notes a PONG.</summary>
    public void OnPong(long now)
    {
        SawPong = true;
        if (_awaitsPong)
        {
            RoundTripMilliseconds = now - _pingSent;
            _awaitsPong = false;
        }

        _lastPong = now;
        PingsOut = 0;
    }

    /// <summary>To be called now and then; acts when a check is due.</summary>
    public Verdict Check(long now)
    {
        if (now < _nextCheck)
        {
            return Verdict.Fine;
        }

        _nextCheck = now + _interval;
        if (_pinged && IsActive(now))
        {
            PingsOut = 0;
            return Verdict.Fine;
        }

        if (PingsOut >= _maxPingsOut)
        {
            return Verdict.Stale;
        }

        PingsOut++;
        _pingSent = now;
        _awaitsPong = true;
        _pinged = true;
        return Verdict.Ping;
    }

    /// <summary>
    /// True if the client sent something of its own lately. A PONG alone is not: a client that only answers would be asked at every
    /// other check, and its end be noticed twice as late.
    /// </summary>
    private bool IsActive(long now)
    {
        long last = LastActivity;
        return last != _lastPong && now - last < _interval;
    }
}

namespace Causeway.Core.Clients;

/// <summary>
/// Decides when a quiet client is sent a PING and when it is stale. Times are milliseconds on the caller's clock; one thread.
/// </summary>
public sealed class ClientLiveness
{
    /// <summary>Time from the connection to its first PING, which measures the round trip, in milliseconds.</summary>
    public const long FirstPingMilliseconds = 2000;

    private readonly long _interval;
    private readonly int _maxPingsOut;
    private long _nextCheck;
    private long _lastActivity;
    private long _pingSent;
    private bool _asked;

    /// <summary>Begins at <paramref name="now"/>.</summary>
    public ClientLiveness(Limits limits, long now)
    {
        _interval = Math.Max(1, (long)limits.PingInterval.TotalMilliseconds);
        _maxPingsOut = limits.MaxPingsOut;
        _lastActivity = now;
        _nextCheck = now + Math.Min(FirstPingMilliseconds, _interval);
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

    /// <summary>PINGs without an answer.</summary>
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
        if (PingsOut > 0)
        {
            RoundTripMilliseconds = now - _pingSent;
        }

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
        // The first PING measures the round trip; later ones only ask clients that have been quiet.
        if (_asked && now - LastActivity < _interval)
        {
            PingsOut = 0;
            return Verdict.Fine;
        }

        if (PingsOut >= _maxPingsOut)
        {
            return Verdict.Stale;
        }

        _asked = true;
        PingsOut++;
        _pingSent = now;
        return Verdict.Ping;
    }
}

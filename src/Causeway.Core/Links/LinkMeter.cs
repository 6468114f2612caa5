namespace Causeway.Core.Links;

/// <summary>
/// Measures a link: round trip, throughput, and whether anything moves. The time after which a silent link counts as dead follows
/// what was measured: slow is not dead. Times are milliseconds of the caller's clock. Not thread-safe; reading is.
/// </summary>
public sealed class LinkMeter
{
    /// <summary>Bytes of interest that may be on their way at first.</summary>
    public const int FirstWindowBytes = 64 * 1024;

    /// <summary>Least that the window shrinks to: two blocks.</summary>
    public const int LeastWindowBytes = 16 * 1024;

    /// <summary>Most that the window grows to.</summary>
    public const int MostWindowBytes = 4 * 1024 * 1024;

    private const int RoundTripsOfSilence = 10;

    // A clock of milliseconds can't tell shorter round trips apart.
    private const double CoarseMilliseconds = 2;

    private readonly long _leastStallMilliseconds;
    private readonly long _mostStallMilliseconds;
    private readonly long _heartbeatMilliseconds;
    private long _pingSentAt;
    private ulong _pingNumber;
    private ulong _pongNumber;
    private long _receivedBytes;
    private long _sentBytes;
    private long _rateBytes;
    private long _rateAt;
    private long _lastReceived;
    private double _roundTrip;
    private double _leastRoundTrip = double.MaxValue;
    private int _windowBytes = FirstWindowBytes;
    private double _bytesPerSecond;

    /// <summary>Creates a meter that begins at <paramref name="now"/>.</summary>
    public LinkMeter(LinkLimits limits, bool isWan, long now)
    {
        _leastStallMilliseconds = (long)(isWan ? limits.WanStallTimeout : limits.LanStallTimeout).TotalMilliseconds;
        _mostStallMilliseconds = (long)limits.MaxStallTimeout.TotalMilliseconds;
        _heartbeatMilliseconds = (long)(isWan ? limits.WanHeartbeat : limits.LanHeartbeat).TotalMilliseconds;
        _pingSentAt = now - _heartbeatMilliseconds;
        _lastReceived = now;
        _rateAt = now;
    }

    /// <summary>Smoothed round trip in milliseconds; 0 before the first.</summary>
    public double RoundTripMilliseconds => Volatile.Read(ref _roundTrip);

    /// <summary>Smoothed bytes per second, both ways together.</summary>
    public double BytesPerSecond => Volatile.Read(ref _bytesPerSecond);

    /// <summary>Bytes of interest that may be on their way, for each table.</summary>
    public int WindowBytes => Volatile.Read(ref _windowBytes);

    /// <summary>Bytes received on both lanes.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>Bytes sent on the control lane.</summary>
    public long SentBytes => Volatile.Read(ref _sentBytes);

    /// <summary>When something was received last.</summary>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    /// <summary>Silence in milliseconds after which the link is dead.</summary>
    public long StallMilliseconds =>
        Math.Clamp((long)(RoundTripMilliseconds * RoundTripsOfSilence) + _heartbeatMilliseconds, _leastStallMilliseconds, Math.Max(_leastStallMilliseconds, _mostStallMilliseconds));

    /// <summary>True if nothing was received for <see cref="StallMilliseconds"/>.</summary>
    public bool IsDead(long now) => now - LastReceived >= StallMilliseconds;

    /// <summary>True if nothing was received for two heartbeats and two round trips: the link may be in trouble.</summary>
    public bool IsQuiet(long now) => now - LastReceived >= (2 * _heartbeatMilliseconds) + (long)(2 * RoundTripMilliseconds);

    /// <summary>Notes bytes received.</summary>
    public void OnReceived(int bytes, long now)
    {
        Volatile.Write(ref _receivedBytes, _receivedBytes + bytes);
        Volatile.Write(ref _lastReceived, now);
    }

    /// <summary>Takes that long off the silence: this node stood still itself, and could not have heard anything.</summary>
    public void Excuse(long milliseconds, long now) => Volatile.Write(ref _lastReceived, Math.Min(now, _lastReceived + milliseconds));

    /// <summary>Notes bytes sent on the control lane.</summary>
    public void OnSent(int bytes) => Volatile.Write(ref _sentBytes, _sentBytes + bytes);

    /// <summary>True if a heartbeat is due. One at a time is on its way.</summary>
    public bool PingIsDue(long now) => now - _pingSentAt >= _heartbeatMilliseconds && _pongNumber == _pingNumber;

    /// <summary>Begins a heartbeat and returns its number.</summary>
    public ulong BeginPing(long now)
    {
        _pingSentAt = now;
        return ++_pingNumber;
    }

    /// <summary>Notes the answer to heartbeat <paramref name="number"/>.</summary>
    public void OnPong(ulong number, long now)
    {
        if (number != _pingNumber || number == _pongNumber)
        {
            return;
        }

        _pongNumber = number;
        double sample = Math.Max(now - _pingSentAt, 0);
        Volatile.Write(ref _roundTrip, _roundTrip == 0 ? sample : (_roundTrip * 7 / 8) + (sample / 8));
        _leastRoundTrip = Math.Min(_leastRoundTrip, sample);
        SetWindow(sample);
    }

    /// <summary>
    /// Doubles the window while round trips stay short and halves it when bytes queue up on the way, so that a fast and distant link
    /// is filled and heartbeats on a slow one don't wait for long behind interest.
    /// </summary>
    private void SetWindow(double roundTrip)
    {
        if (roundTrip <= (1.5 * _leastRoundTrip) + CoarseMilliseconds)
        {
            _windowBytes = Math.Min(_windowBytes * 2, MostWindowBytes);
        }
        else if (roundTrip > (3 * _leastRoundTrip) + CoarseMilliseconds)
        {
            _windowBytes = Math.Max(_windowBytes / 2, LeastWindowBytes);
        }
    }

    /// <summary>Brings the throughput up to date; to be called a few times a second.</summary>
    public void Measure(long totalBytes, long now)
    {
        if (now - _rateAt < 1000)
        {
            return;
        }

        double rate = (totalBytes - _rateBytes) * 1000.0 / (now - _rateAt);
        Volatile.Write(ref _bytesPerSecond, (_bytesPerSecond / 2) + (rate / 2));
        (_rateBytes, _rateAt) = (totalBytes, now);
    }
}

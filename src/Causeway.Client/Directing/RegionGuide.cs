namespace Causeway.Client.Directing;

/// <summary>
/// Where a client is to be, by what the directors say: finds it a place, waiting as told, and tells when to move. One call at a time.
/// </summary>
internal sealed class RegionGuide : IDisposable
{
    private const string Wait = "wait";
    private const string Stay = "stay";

    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SilentWait = TimeSpan.FromSeconds(5);

    private readonly FollowOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly DirectorLine _line;
    private readonly string _client;
    private readonly SemaphoreSlim _gate = new(1);
    private IReadOnlyDictionary<string, double> _roundTrips;
    private long? _measuredAt;
    private (long At, TimeSpan Wait)? _told;
    private volatile string _region = "";

    public RegionGuide(FollowOptions options, TimeProvider time, Random random)
    {
        _options = options;
        _time = time;
        // The client's own is used by one thread at a time, which is another one while it connects.
        _random = new Random(random.Next());
        _line = new DirectorLine(options, time);
        _roundTrips = (options.RoundTrips ?? new Dictionary<string, TimeSpan>()).ToDictionary(one => one.Key, one => one.Value.TotalMilliseconds);
        _client = options.ClientId ?? Guid.NewGuid().ToString("N");
    }

    /// <summary>The region that the client was last placed in; empty while it is not known.</summary>
    public string Region => _region;

    /// <summary>When to ask again, as last told.</summary>
    public TimeSpan PollAfter { get; private set; } = SilentWait;

    /// <summary>
    /// Asks for a place until there is one, and not before the time that it was told last is over. Null if no director answers: then the client goes on
    /// with the servers it knows.
    /// </summary>
    /// <exception cref="BusConnectionException">There was no place within <see cref="FollowOptions.AdmissionTimeout"/>.</exception>
    public async Task<IReadOnlyList<ServerAddress>?> PlaceAsync(CancellationToken cancellationToken)
    {
        long began = _time.GetTimestamp();
        if (_told is { } told && told.Wait - _time.GetElapsedTime(told.At) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, _time, cancellationToken).ConfigureAwait(false);
        }

        while (true)
        {
            if (await AskAsync("", cancellationToken).ConfigureAwait(false) is not { } advice)
            {
                // It goes wherever it finds a server: where that is, a director may say later.
                _region = "";
                return null;
            }

            IReadOnlyList<ServerAddress> servers = advice.Decision == Wait ? [] : advice.Servers(advice.Region);
            if (servers.Count > 0)
            {
                _told = null;
                _region = advice.Region!;
                return servers;
            }

            // A place without servers, and a wait without a time, are answers that can't be right: no reason to ask without end.
            TimeSpan wait = Jittered(advice.RetryAfterMs > 0 ? TimeSpan.FromMilliseconds(advice.RetryAfterMs) : SilentWait);
            _told = (_time.GetTimestamp(), wait);
            if (_time.GetElapsedTime(began) + wait > _options.AdmissionTimeout)
            {
                throw new BusConnectionException($"no region takes this client within {_options.AdmissionTimeout.TotalSeconds:0.###} s: {advice.Reason}", new TimeoutException());
            }

            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks whether to move from <paramref name="server"/>. Gives the servers of the region to move to; null to stay.</summary>
    public async Task<IReadOnlyList<ServerAddress>?> PollAsync(ServerAddress server, CancellationToken cancellationToken)
    {
        RegionAdvice? advice = await AskAsync(_region, cancellationToken).ConfigureAwait(false);
        PollAfter = PollTime(advice);
        bool moves = advice?.Decision is "move" or "connect" && advice.Region is { Length: > 0 } && advice.Region != _region;
        IReadOnlyList<ServerAddress> servers = moves ? advice!.Servers(advice.Region) : [];
        if (servers.Count == 0)
        {
            return null;
        }

        bool isThere = _region.Length == 0 && servers.Contains(server);
        _region = advice!.Region!;
        return isThere ? null : servers;
    }

    public void Dispose()
    {
        _line.Dispose();
        _gate.Dispose();
    }

    private async Task<RegionAdvice?> AskAsync(string current, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_options.RoundTrips is null && (_measuredAt is not { } at || _time.GetElapsedTime(at) > _options.MeasureInterval))
            {
                if (await _line.AskAsync(_client, current, peek: true, _roundTrips, cancellationToken).ConfigureAwait(false) is not { } known)
                {
                    return null;
                }

                if (known.Decision is Wait or Stay)
                {
                    // It does not know all regions yet: what was measured now would lack some for long.
                    PollAfter = PollTime(known);
                    return known;
                }

                _roundTrips = await RoundTrips.MeasureAsync(known, _time, cancellationToken).ConfigureAwait(false);
                _measuredAt = _time.GetTimestamp();
            }

            RegionAdvice? advice = await _line.AskAsync(_client, current, peek: false, _roundTrips, cancellationToken).ConfigureAwait(false);
            PollAfter = PollTime(advice);
            return advice;
        }
        finally
        {
            _gate.Release();
        }
    }

    private TimeSpan PollTime(RegionAdvice? advice)
    {
        TimeSpan told = advice is null ? SilentWait : TimeSpan.FromMilliseconds(Math.Max(advice.PollAfterMs, advice.RetryAfterMs));
        return Jittered(told < ClientLimits.PollIntervalMax ? told : ClientLimits.PollIntervalMax);
    }

    /// <summary>Never sooner than told, and not together with others that were told the same.</summary>
    private TimeSpan Jittered(TimeSpan wait)
    {
        lock (_random)
        {
            return (wait > LeastWait ? wait : LeastWait) * (1 + (0.1 * _random.NextDouble()));
        }
    }
}

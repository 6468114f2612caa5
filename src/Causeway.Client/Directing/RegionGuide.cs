namespace Causeway.Client.Directing;

/// <summary>
/// Where a client is to be, by what the directors say: finds it a place, waiting as told, and tells when to move. One call at a time.
/// </summary>
internal sealed class RegionGuide : IDisposable
{
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
    private volatile string _region = "";

    public RegionGuide(FollowOptions options, TimeProvider time, Random random)
    {
        _options = options;
        _time = time;
        _random = random;
        _line = new DirectorLine(options, time);
        _roundTrips = (options.RoundTrips ?? new Dictionary<string, TimeSpan>()).ToDictionary(one => one.Key, one => one.Value.TotalMilliseconds);
        _client = options.ClientId ?? Guid.NewGuid().ToString("N");
    }

    /// <summary>The region that the client was last placed in; empty while it is not known.</summary>
    public string Region => _region;

    /// <summary>When to ask again, as last told.</summary>
    public TimeSpan PollAfter { get; private set; } = SilentWait;

    /// <summary>Asks for a place until there is one. Null if no director answers: then the client goes on with the servers it knows.</summary>
    /// <exception cref="BusConnectionException">There was no place within <see cref="FollowOptions.AdmissionTimeout"/>.</exception>
    public async Task<IReadOnlyList<ServerAddress>?> PlaceAsync(CancellationToken cancellationToken)
    {
        long began = _time.GetTimestamp();
        while (true)
        {
            if (await AskAsync("", cancellationToken).ConfigureAwait(false) is not { } advice)
            {
                return null;
            }

            IReadOnlyList<ServerAddress> servers = advice.Decision == "wait" ? [] : advice.Servers(advice.Region);
            if (servers.Count > 0)
            {
                _region = advice.Region!;
                return servers;
            }

            TimeSpan wait = Jittered(TimeSpan.FromMilliseconds(advice.RetryAfterMs));
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
        PollAfter = Jittered(advice is null ? SilentWait : TimeSpan.FromMilliseconds(Math.Max(advice.PollAfterMs, advice.RetryAfterMs)));
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

                _roundTrips = await RoundTrips.MeasureAsync(known, _time, cancellationToken).ConfigureAwait(false);
                _measuredAt = _time.GetTimestamp();
            }

            RegionAdvice? advice = await _line.AskAsync(_client, current, peek: false, _roundTrips, cancellationToken).ConfigureAwait(false);
            PollAfter = advice is null ? SilentWait : Jittered(TimeSpan.FromMilliseconds(advice.PollAfterMs));
            return advice;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Never sooner than told, and not together with others that were told the same.</summary>
    private TimeSpan Jittered(TimeSpan wait) => (wait > LeastWait ? wait : LeastWait) * (1 + (0.1 * _random.NextDouble()));
}

using System.Collections.Concurrent;
using Causeway.Director.Admission;
using Microsoft.Extensions.Logging;

namespace Causeway.Director.Store;

/// <summary>
/// A shared store that is used while its server can be reached, and this director's memory while not. Memory holds the last known form of
/// all documents, so nothing is lost when the server ends, even if it comes back empty: then it is told what is newer here.
/// </summary>
/// <remarks>
/// While the server is away each director gives its part of the grants. What had been granted just before, and what others may have
/// granted just before it came back, stays reckoned with for one lease.
/// </remarks>
internal sealed partial class FallbackStore : IDirectorStore
{
    private const string NotYet = "not connected yet";

    private readonly RedisBackend _backend;
    private readonly MemoryStore _memory;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, int> _lastOutstanding = new(StringComparer.Ordinal);
    private readonly long _began;
    private volatile StoreState _state = new(IsShared: true, NotYet);
    private long _changedAt;

    public FallbackStore(RedisBackend backend, TimeProvider time, ILogger log)
    {
        _backend = backend;
        _memory = new MemoryStore(time);
        _time = time;
        _log = log;
        _began = time.GetTimestamp();
    }

    public StoreState State => _state;

    /// <summary>For one lease after the server went or came back, grants given before are not known to all.</summary>
    private bool IsSettling => _time.GetElapsedTime(_began) - TimeSpan.FromTicks(Volatile.Read(ref _changedAt)) < AdmissionLimits.GrantLease;

    public async ValueTask<StoreDocument?> ReadAsync(string key, CancellationToken cancel)
    {
        StoreDocument? known = await _memory.ReadAsync(key, cancel).ConfigureAwait(false);
        if (!_state.IsWell)
        {
            return known;
        }

        try
        {
            StoreDocument? stored = await _backend.ReadAsync(key, cancel).ConfigureAwait(false);
            if (known is not null && (stored?.Version ?? 0) < known.Version)
            {
                // Documents only grow newer: the server has come back with less than it had.
                await _backend.PutNewerAsync(key, known, cancel).ConfigureAwait(false);
                return known;
            }

            _memory.Mirror(key, stored);
            return stored;
        }
        catch (StoreUnavailableException fault)
        {
            Lost(fault);
            return known;
        }
    }

    public async ValueTask<bool> TryWriteAsync(string key, long expectedVersion, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        if (_state.IsWell && MemoryStore.Fits(key, body) && (expectedVersion > 0 || _memory.Documents.Count < StoreLimits.MaxDocuments))
        {
            try
            {
                if (!await _backend.TryWriteAsync(key, expectedVersion, body, cancel).ConfigureAwait(false))
                {
                    return false;
                }

                _memory.Mirror(key, new StoreDocument(body.ToArray(), expectedVersion + 1));
                return true;
            }
            catch (StoreUnavailableException fault)
            {
                Lost(fault);
            }
        }

        return await _memory.TryWriteAsync(key, expectedVersion, body, cancel).ConfigureAwait(false);
    }

    public async ValueTask<GrantAnswer> TakeAsync(GrantRequest request, CancellationToken cancel)
    {
        bool isSettling = IsSettling;
        if (_state.IsWell && isSettling)
        {
            GrantAnswer own = await _memory.TakeAsync(Part(request, 0), cancel).ConfigureAwait(false);
            if (own.Result != GrantResult.Granted)
            {
                return own;
            }
        }

        if (_state.IsWell)
        {
            try
            {
                GrantAnswer answer = await _backend.TakeAsync(request, cancel).ConfigureAwait(false);
                _lastOutstanding[request.Region] = answer.Outstanding;
                return answer;
            }
            catch (StoreUnavailableException fault)
            {
                Lost(fault);
                isSettling = true;
            }
        }

        return await _memory.TakeAsync(Part(request, isSettling ? _lastOutstanding.GetValueOrDefault(request.Region) : 0), cancel).ConfigureAwait(false);
    }

    public async ValueTask SettleAsync(string region, string client, CancellationToken cancel)
    {
        await _memory.SettleAsync(region, client, cancel).ConfigureAwait(false);
        if (_state.IsWell)
        {
            try
            {
                await _backend.SettleAsync(region, client, cancel).ConfigureAwait(false);
            }
            catch (StoreUnavailableException fault)
            {
                Lost(fault);
            }
        }
    }

    public async ValueTask<IReadOnlyList<DirectorPresence>> BeatAsync(DirectorPresence self, CancellationToken cancel)
    {
        IReadOnlyList<DirectorPresence> known = await _memory.BeatAsync(self, cancel).ConfigureAwait(false);
        try
        {
            IReadOnlyList<DirectorPresence> directors = await _backend.BeatAsync(self, cancel).ConfigureAwait(false);
            if (!_state.IsWell)
            {
                foreach ((string key, StoreDocument document) in _memory.Documents)
                {
                    await _backend.PutNewerAsync(key, document, cancel).ConfigureAwait(false);
                }

                Change("");
                LogBack(_log);
            }

            return directors;
        }
        catch (StoreUnavailableException fault)
        {
            Lost(fault);
            return known;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync().ConfigureAwait(false);
        await _memory.DisposeAsync().ConfigureAwait(false);
    }

    private static GrantRequest Part(GrantRequest request, int outstanding) => request with
    {
        Room = Math.Max(0, request.Room - outstanding) / request.Directors,
        RatePerSecond = request.RatePerSecond / request.Directors,
        Burst = Math.Max(1, request.Burst / request.Directors),
    };

    private void Lost(StoreUnavailableException fault)
    {
        // Who can't reach it from the start has to be told as well.
        if (_state.IsWell || _state.Problem == NotYet)
        {
            LogLost(_log, fault.Message);
            Change(fault.Message);
        }
        else if (_state.Problem != fault.Message)
        {
            // What was too slow at first may turn out not to be there.
            _state = new StoreState(IsShared: true, fault.Message);
        }
    }

    private void Change(string problem)
    {
        Volatile.Write(ref _changedAt, _time.GetElapsedTime(_began).Ticks);
        _state = new StoreState(IsShared: true, problem);
    }

    [LoggerMessage(207, LogLevel.Warning, "The store can't be reached, the director goes on from its memory: {Problem}")]
    private static partial void LogLost(ILogger logger, string problem);

    [LoggerMessage(208, LogLevel.Information, "The store is reached, and knows all that is newer here")]
    private static partial void LogBack(ILogger logger);
}

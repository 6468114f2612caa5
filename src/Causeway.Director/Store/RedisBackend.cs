using System.Globalization;
using System.Text.Json;
using Causeway.Director.Admission;
using StackExchange.Redis;

namespace Causeway.Director.Store;

/// <summary>What directors share, on a Redis-compatible server. Thread-safe. All calls throw <see cref="StoreUnavailableException"/> if it is away.</summary>
internal sealed class RedisBackend : IAsyncDisposable
{
    private const int DefaultPort = 6379;

    private readonly string _prefix;
    private readonly Task<ConnectionMultiplexer> _connection;
    private readonly TimeSpan _callTimeout;

    private RedisBackend(string prefix, Task<ConnectionMultiplexer> connection, TimeSpan callTimeout)
    {
        _prefix = prefix;
        _connection = connection;
        _callTimeout = callTimeout;
    }

    /// <summary>Begins to connect to <c>redis://host:port</c>, and goes on for as long as it takes.</summary>
    public static RedisBackend Open(string url, string deployment) => Open(url, deployment, StoreLimits.CallTimeout);

    /// <summary>The same, with calls that may take <paramref name="callTimeout"/> at most.</summary>
    public static RedisBackend Open(string url, string deployment, TimeSpan callTimeout)
    {
        Uri server = new(url);
        ConfigurationOptions options = new()
        {
            EndPoints = { { server.Host, server.IsDefaultPort || server.Port <= 0 ? DefaultPort : server.Port } },
            AbortOnConnectFail = false,
            ConnectTimeout = (int)callTimeout.TotalMilliseconds,
            AsyncTimeout = (int)callTimeout.TotalMilliseconds,
            SyncTimeout = (int)callTimeout.TotalMilliseconds,
            ReconnectRetryPolicy = new LinearRetry((int)StoreLimits.RetryInterval.TotalMilliseconds),
            BacklogPolicy = BacklogPolicy.FailFast,
            ClientName = "causeway-director",
        };

        // One slot of a cluster: scripts touch several keys.
        return new RedisBackend($"causeway:{{{deployment}}}:", ConnectionMultiplexer.ConnectAsync(options), callTimeout);
    }

    public Task<StoreDocument?> ReadAsync(string key, CancellationToken cancel) => CallAsync(
        async database =>
        {
            RedisValue[] values = await database.HashGetAsync(Document(key), ["v", "b"]).ConfigureAwait(false);
            return values[0].TryParse(out long version) && version > 0 ? new StoreDocument((byte[]?)values[1] ?? [], version) : null;
        },
        cancel);

    public Task<bool> TryWriteAsync(string key, long expectedVersion, ReadOnlyMemory<byte> body, CancellationToken cancel) => CallAsync(
        async database => (bool)await database.ScriptEvaluateAsync(RedisScripts.Write, [Document(key)], [expectedVersion, body]).ConfigureAwait(false), cancel);

    public Task<bool> PutNewerAsync(string key, StoreDocument document, CancellationToken cancel) => CallAsync(
        async database => (bool)await database.ScriptEvaluateAsync(RedisScripts.PutNewer, [Document(key)], [document.Version, document.Body]).ConfigureAwait(false), cancel);

    public Task<GrantAnswer> TakeAsync(GrantRequest request, CancellationToken cancel) => CallAsync(
        async database =>
        {
            RedisResult[] result = (RedisResult[])(await database.ScriptEvaluateAsync(
                RedisScripts.Take,
                [Grants(request.Region), $"{_prefix}turns:{request.Region}", $"{_prefix}bucket:{request.Region}"],
                [
                    request.Client, Math.Min(request.Room, AdmissionLimits.MaxGrants), Text(request.RatePerSecond), Text(Math.Max(1, request.Burst)), Text(request.MaxWait.TotalMilliseconds),
                    Text(AdmissionLimits.GrantLease.TotalMilliseconds), Text(AdmissionLimits.TurnGrace.TotalMilliseconds), AdmissionLimits.MaxQueued, Text(AdmissionLimits.FullWait.TotalMilliseconds),
                ]).ConfigureAwait(false))!;
            return new GrantAnswer((GrantResult)(int)result[0], TimeSpan.FromMilliseconds((long)result[1]), (int)result[2]);
        },
        cancel);

    public Task SettleAsync(string region, string client, CancellationToken cancel) => CallAsync(
        async database => (bool)await database.ScriptEvaluateAsync(RedisScripts.Settle, [Grants(region)], [client, Text(AdmissionLimits.SettleTime.TotalMilliseconds)]).ConfigureAwait(false),
        cancel);

    public Task<IReadOnlyList<DirectorPresence>> BeatAsync(DirectorPresence self, CancellationToken cancel) => CallAsync(
        async database =>
        {
            RedisKey key = _prefix + "directors";
            await database.HashSetAsync(key, self.Name, JsonSerializer.Serialize(self)).ConfigureAwait(false);
            List<DirectorPresence> all = [];
            foreach (HashEntry entry in await database.HashGetAllAsync(key).ConfigureAwait(false))
            {
                DirectorPresence? presence = Parse(entry.Value.ToString());
                if (presence is null || self.SeenAt - presence.SeenAt > StoreLimits.DirectorForgottenAfter || all.Count >= StoreLimits.MaxDirectors)
                {
                    await database.HashDeleteAsync(key, entry.Name).ConfigureAwait(false);
                }
                else
                {
                    all.Add(presence);
                }
            }

            return (IReadOnlyList<DirectorPresence>)all;
        },
        cancel);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await (await _connection.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (RedisException)
        {
            // It never connected.
        }
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static DirectorPresence? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<DirectorPresence>(text) is { Name: not null, Url: not null, Hears: not null } presence ? presence : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private RedisKey Document(string key) => $"{_prefix}document:{key}";

    private RedisKey Grants(string region) => $"{_prefix}grants:{region}";

    private async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancel)
    {
        try
        {
            ConnectionMultiplexer connection = await _connection.WaitAsync(_callTimeout, cancel).ConfigureAwait(false);
            return await call(connection.GetDatabase()).WaitAsync(_callTimeout, cancel).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException or ObjectDisposedException)
        {
            string reason = fault switch
            {
                RedisConnectionException => "no connection to the store's server",
                TimeoutException => $"no answer of the store's server within {_callTimeout.TotalSeconds:0.#} s",
                _ => fault.Message.Split('\n')[0],
            };
            throw new StoreUnavailableException(reason, fault);
        }
    }
}

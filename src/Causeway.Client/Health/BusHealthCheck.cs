using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Causeway.Client.Health;

/// <summary>
/// Checks the bus as this process sees it by a message through it: published to an inbox of its own and received again. A connection
/// that stands says nothing; a server that accepts and does no work is found so. What it finds is for readiness: a process must not be
/// started anew because its bus is away, and one that has work which needs no bus goes on with it.
/// </summary>
/// <remarks>Any number of checks may run at a time. A client without echo gets no message of its own: it is checked by a flush.</remarks>
public sealed class BusHealthCheck : IHealthCheck
{
    private readonly BusClient _client;
    private readonly BusHealthOptions _options;
    private readonly Lock _lock = new();
    private DateTimeOffset? _succeededAt;
    private DateTimeOffset? _failingSince;

    /// <summary>Creates a check of <paramref name="client"/>'s bus.</summary>
    public BusHealthCheck(BusClient client, BusHealthOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _options = options ?? new BusHealthOptions();
    }

    /// <summary>
    /// Healthy if a message came back in time, with <c>rtt_ms</c>, <c>server</c> and <c>server_name</c> among the data; degraded if it was
    /// slow, or if it has not come back only just now; else the failure status of the registration, with <c>failing_since</c>.
    /// </summary>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        HealthStatus worst = context.Registration?.FailureStatus ?? HealthStatus.Unhealthy;
        if (_client.State == ConnectionState.Closed)
        {
            return Failed(worst, "the client is closed for good", isLasting: true);
        }

        if (_client.State == ConnectionState.Reconnecting)
        {
            return Failed(worst, $"there is no connection; {_client.Server} was the last and another is being sought", isLasting: false);
        }

        long began = _options.TimeProvider.GetTimestamp();
        using CancellationTokenSource deadline = new(_options.Timeout, _options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await MakeRoundTripAsync(either.Token).ConfigureAwait(false);
            return Succeeded(_options.TimeProvider.GetElapsedTime(began));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(worst, $"no message came back from {_client.Server} within {_options.Timeout.TotalSeconds:0.###} s", isLasting: false);
        }
        catch (Exception fault) when (fault is BusException or ObjectDisposedException)
        {
            return Failed(worst, fault is ObjectDisposedException ? "the client is closed for good" : fault.Message, isLasting: fault is ObjectDisposedException);
        }
    }

    private async Task MakeRoundTripAsync(CancellationToken cancellation)
    {
        if (!_client.Options.Echo)
        {
            await _client.FlushAsync(cancellation).ConfigureAwait(false);
            return;
        }

        string inbox = BusClient.NewInbox();
        Subscription subscription = await _client.SubscribeAsync(inbox, new SubscribeOptions { MessagesMax = 1 }, cancellation).ConfigureAwait(false);
        try
        {
            await _client.PublishAsync(inbox, cancellationToken: cancellation).ConfigureAwait(false);
            await foreach (Message _ in subscription.WithCancellation(cancellation).ConfigureAwait(false))
            {
                return;
            }
        }
        finally
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
        }

        throw new BusException("the subscription ended before its message came");
    }

    private HealthCheckResult Succeeded(TimeSpan roundTrip)
    {
        lock (_lock)
        {
            _succeededAt = _options.TimeProvider.GetUtcNow();
            _failingSince = null;
        }

        string took = string.Create(CultureInfo.InvariantCulture, $"a message took {roundTrip.TotalMilliseconds:0.#} ms through {_client.Server} and back");
        Dictionary<string, object> data = Data();
        data["rtt_ms"] = roundTrip.TotalMilliseconds;
        return roundTrip >= _options.SlowAfter ? HealthCheckResult.Degraded(took, data: data) : HealthCheckResult.Healthy(took, data);
    }

    private HealthCheckResult Failed(HealthStatus worst, string reason, bool isLasting)
    {
        DateTimeOffset now = _options.TimeProvider.GetUtcNow();
        DateTimeOffset since;
        bool wasWell;
        lock (_lock)
        {
            since = _failingSince ??= now;
            wasWell = _succeededAt is not null;
        }

        Dictionary<string, object> data = Data();
        data["failing_since"] = since;
        bool isBrief = wasWell && !isLasting && now - since < _options.UnhealthyAfter;
        return new HealthCheckResult(isBrief ? HealthStatus.Degraded : worst, reason, data: data);
    }

    private Dictionary<string, object> Data() => new()
    {
        ["server"] = _client.Server.ToString(),
        ["server_name"] = _client.ServerInfo.ServerName,
        ["state"] = _client.State.ToString(),
        ["reconnects"] = _client.Statistics.Reconnects,
    };
}

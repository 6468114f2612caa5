using System.Diagnostics.Metrics;

namespace Causeway.Client.Rpc;

/// <summary>
/// The statistics of callers and servers as metrics of System.Diagnostics.Metrics, under the meter <see cref="MeterName"/>:
/// <c>causeway.rpc.client.timed_out</c> is <see cref="RpcClientStatistics.TimedOut"/>, and so on. Each has the tag <see cref="InstanceTag"/>.
/// </summary>
public sealed class RpcMetrics : IDisposable
{
    /// <summary>The name of the meter, to listen to by OpenTelemetry or dotnet-counters.</summary>
    public const string MeterName = "Causeway.Rpc";

    /// <summary>The tag that tells callers and servers of one process apart: a server's <see cref="RpcServer.Address"/>, a caller's name.</summary>
    public const string InstanceTag = "causeway.rpc.instance";

    private readonly Meter _meter = new(MeterName);
    private readonly KeyValuePair<string, object?> _tag;

    private RpcMetrics(string instance) => _tag = new(InstanceTag, instance);

    /// <summary>Ends the metrics.</summary>
    public void Dispose() => _meter.Dispose();

    internal static RpcMetrics Of(RpcClient client, string name)
    {
        RpcMetrics metrics = new(name);
        ReadOnlySpan<(string Name, Func<RpcClientStatistics, long> Read)> counters =
        [
            ("calls", s => s.Calls), ("sent", s => s.Sent), ("claims", s => s.Claims), ("retries", s => s.Retries), ("failed", s => s.Failed),
            ("timed_out", s => s.TimedOut), ("cancelled", s => s.Cancelled), ("refused", s => s.Refused), ("unanswered_claims", s => s.UnansweredClaims),
            ("duplicate_servers", s => s.DuplicateServers), ("strays", s => s.Strays), ("unreadable", s => s.Unreadable),
            ("unsent_messages", s => s.UnsentMessages), ("evicted_keys", s => s.EvictedKeys),
        ];
        ReadOnlySpan<(string Name, Func<RpcClientStatistics, long> Read)> gauges =
            [("pending", s => s.Pending), ("pending_bytes", s => s.PendingBytes), ("known_keys", s => s.KnownKeys), ("open_streams", s => s.OpenStreams)];
        metrics.Show("client", counters, gauges, () => client.Statistics);
        metrics.ShowStreams("client", () => client.Statistics.Streams);
        return metrics;
    }

    internal static RpcMetrics Of(RpcServer server)
    {
        RpcMetrics metrics = new(server.Address);
        ReadOnlySpan<(string Name, Func<RpcServerStatistics, long> Read)> counters =
        [
            ("begun", s => s.Begun), ("ended", s => s.Ended), ("forwarded", s => s.Forwarded), ("not_here", s => s.NotHere), ("not_mine", s => s.NotMine),
            ("overloaded", s => s.Overloaded), ("shed", s => s.Shed), ("timed_out", s => s.TimedOut), ("cancelled", s => s.Cancelled),
            ("handler_errors", s => s.HandlerErrors), ("duplicates", s => s.Duplicates), ("strays", s => s.Strays), ("unreadable", s => s.Unreadable),
            ("claim_notices", s => s.ClaimNotices), ("announcements", s => s.Announcements), ("keys_taken", s => s.KeysTaken),
            ("unsent_answers", s => s.UnsentAnswers), ("refused_members", s => s.RefusedMembers), ("affinity_errors", s => s.AffinityErrors),
        ];
        ReadOnlySpan<(string Name, Func<RpcServerStatistics, long> Read)> gauges =
        [
            ("subscriptions", s => s.Subscriptions), ("running", s => s.Running), ("waiting", s => s.Waiting), ("waiting_bytes", s => s.WaitingBytes),
            ("keys", s => s.Keys), ("members", s => s.Members),
        ];
        metrics.Show("server", counters, gauges, () => server.Statistics);
        metrics.ShowStreams("server", () => server.Statistics.Streams);
        return metrics;
    }

    private void ShowStreams(string side, Func<RpcStreamStatistics> streams) => Show(
        $"{side}.streams",
        [
            ("opened", s => s.Opened), ("failed", s => s.Failed), ("values_out", s => s.ValuesOut), ("values_in", s => s.ValuesIn),
            ("credits_out", s => s.CreditsOut), ("duplicates", s => s.Duplicates),
        ],
        [("arrived_messages_peak", s => s.ArrivedMessagesPeak), ("arrived_bytes_peak", s => s.ArrivedBytesPeak)],
        streams);

    private void Show<T>(string side, ReadOnlySpan<(string Name, Func<T, long> Read)> counters, ReadOnlySpan<(string Name, Func<T, long> Read)> gauges, Func<T> take)
    {
        foreach ((string name, Func<T, long> read) in counters)
        {
            _meter.CreateObservableCounter($"causeway.rpc.{side}.{name}", () => new Measurement<long>(read(take()), _tag));
        }

        foreach ((string name, Func<T, long> read) in gauges)
        {
            _meter.CreateObservableGauge($"causeway.rpc.{side}.{name}", () => new Measurement<long>(read(take()), _tag));
        }
    }
}

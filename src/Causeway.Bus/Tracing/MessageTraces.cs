using System.Diagnostics;
using Causeway.Core;
using Causeway.Core.Tracing;

namespace Causeway.Bus.Tracing;

/// <summary>
/// The messages that the node traced last, and each as an <see cref="Activity"/> for whoever listens to <see cref="SourceName"/>, such
/// as the export by OpenTelemetry, which queues and never waits. Any thread.
/// </summary>
internal sealed class MessageTraces(string node, string region, int maxTracedMessagesPerSecond) : ITraceSink
{
    /// <summary>The name of the source of activities.</summary>
    public const string SourceName = "Causeway.Bus";

    /// <summary>Most messages that are kept for <c>/tracez</c>; the oldest give way.</summary>
    public const int MaxKeptTraces = 512;

    private static readonly ActivitySource Source = new(SourceName);

    private readonly Queue<(MessageTrace Trace, string SpanId)> _kept = new();

    /// <summary>How many are traced.</summary>
    public RateLimit Rate { get; } = new(maxTracedMessagesPerSecond);

    public void Add(MessageTrace trace)
    {
        string span = Tell(trace)?.ToHexString() ?? ActivitySpanId.CreateRandom().ToHexString();
        lock (_kept)
        {
            if (_kept.Count == MaxKeptTraces)
            {
                _kept.Dequeue();
            }

            _kept.Enqueue((trace, span));
        }
    }

    /// <summary>What is kept, the latest first.</summary>
    public IReadOnlyList<(MessageTrace Trace, string SpanId)> Recent()
    {
        lock (_kept)
        {
            return [.. _kept.Reverse()];
        }
    }

    private ActivitySpanId? Tell(MessageTrace trace)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        ActivityContext parent = new(
            ActivityTraceId.CreateFromString(trace.Context.TraceId),
            ActivitySpanId.CreateFromString(trace.Context.SpanId.ToString("x16", null)),
            ActivityTraceFlags.Recorded,
            isRemote: true);
        bool isPublished = trace.From.Length == 0;
        using Activity? activity = Source.StartActivity(
            $"{trace.SubjectPrefix} {(isPublished ? "publish" : "forward")}", isPublished ? ActivityKind.Producer : ActivityKind.Consumer, parent, Tags(trace), startTime: trace.StartedAt);
        activity?.SetEndTime(trace.StartedAt.UtcDateTime + trace.Duration);
        return activity?.SpanId;
    }

    private KeyValuePair<string, object?>[] Tags(MessageTrace trace) =>
    [
        new("messaging.system", "nats"),
        new("messaging.destination.template", trace.SubjectPrefix),
        new("messaging.message.body.size", trace.Bytes),
        new("causeway.node", node),
        new("causeway.region", region),
        new("causeway.tenant", trace.Tenant),
        new("causeway.from", trace.From),
        new("causeway.from_region", trace.FromRegion),
        new("causeway.delivered", trace.Delivered),
        new("causeway.links", trace.Links.Select(link => link.Region.Length > 0 ? $"{link.Node}@{link.Region}" : link.Node).ToArray()),
    ];
}

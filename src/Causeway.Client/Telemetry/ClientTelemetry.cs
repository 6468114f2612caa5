using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Causeway.Client.Telemetry;

/// <summary>
/// Traces and metrics of all clients of the process, after OpenTelemetry's conventions for messaging. Nothing is made while nobody listens.
/// </summary>
/// <remarks>
/// Spans: <c>publish</c> (producer), <c>request</c> (client), <c>process</c> (consumer). The trace travels in the headers that
/// <see cref="DistributedContextPropagator.Current"/> writes, by default <c>traceparent</c> and <c>tracestate</c>; it is put into messages
/// only while somebody listens to <see cref="ActivitySourceName"/>.
/// </remarks>
public static class ClientTelemetry
{
    /// <summary>The name of the source of activities, for <c>AddSource</c>.</summary>
    public const string ActivitySourceName = "Causeway.Client";

    /// <summary>The name of the meter, for <c>AddMeter</c>.</summary>
    public const string MeterName = "Causeway.Client";

    private const string Temporary = "(temporary)";
    private const string InboxPrefix = "_INBOX.";

    private static readonly ActivitySource Source = new(ActivitySourceName);
    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> SentMessages =
        Meter.CreateCounter<long>("messaging.client.sent.messages", "{message}", "Messages published, requests included");

    private static readonly Counter<long> ReceivedMessages =
        Meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}", "Messages received");

    private static readonly Counter<long> DroppedMessages =
        Meter.CreateCounter<long>("causeway.client.dropped.messages", "{message}", "Messages dropped because their reader was too slow");

    private static readonly Counter<long> Reconnects =
        Meter.CreateCounter<long>("causeway.client.reconnects", "{connection}", "Connections made after a lost one");

    private static readonly Histogram<double> Durations =
        Meter.CreateHistogram<double>("messaging.client.operation.duration", "s", "From a request to its reply or failure");

    internal static bool IsTracing => Source.HasListeners();

    internal static bool IsObserved => IsTracing || Durations.Enabled;

    internal static bool MeasuresDurations => Durations.Enabled;

    internal static void Sent()
    {
        // Which server it goes to is not known before a connection takes it.
        if (SentMessages.Enabled)
        {
            SentMessages.Add(1, new TagList([new("messaging.system", "nats"), new("messaging.operation.name", "publish")]));
        }
    }

    internal static void Received(ServerAddress server) => Count(ReceivedMessages, server, "receive");

    internal static void Dropped(ServerAddress server) => Count(DroppedMessages, server, "receive");

    internal static void Connected(ServerAddress server, bool isFirst)
    {
        if (!isFirst)
        {
            Count(Reconnects, server, "connect");
        }
    }

    internal static void Lasted(ServerAddress server, TimeSpan duration, string? errorType)
    {
        TagList tags = Tags(server, "request");
        if (errorType is not null)
        {
            tags.Add("error.type", errorType);
        }

        Durations.Record(duration.TotalSeconds, tags);
    }

    internal static Activity? StartSend(BusClient client, string subject, int dataBytes, bool isRequest)
    {
        string operation = isRequest ? "request" : "publish";
        Activity? activity = Source.CreateActivity($"{operation} {Shown(subject)}", isRequest ? ActivityKind.Client : ActivityKind.Producer);
        Describe(activity, client, operation, "send", subject, dataBytes);
        return activity?.Start();
    }

    internal static Activity? StartProcess(BusClient? client, in Message message, Subscription? subscription)
    {
        if (!IsTracing)
        {
            return null;
        }

        string destination = Shown(subscription?.Subject ?? message.Subject);
        Activity? activity = Source.CreateActivity($"process {destination}", ActivityKind.Consumer, Extract(message.Headers));
        Describe(activity, client, "process", "process", message.Subject, message.Data.Length);
        if (activity is not null && subscription is not null)
        {
            activity.SetTag("messaging.destination.template", subscription.Subject);
            activity.SetTag("messaging.consumer.group.name", subscription.QueueGroup);
        }

        return activity?.Start();
    }

    /// <summary>The headers with the trace of the current activity, which are others than those given; the given ones where there is none.</summary>
    internal static MessageHeaders? Inject(BusClient client, MessageHeaders? headers, int dataBytes)
    {
        if (Activity.Current is not { } activity || !client.ServerInfo.SupportsHeaders)
        {
            return headers;
        }

        MessageHeaders traced = headers?.Copy() ?? [];
        DistributedContextPropagator.Current.Inject(activity, traced, static (carrier, name, value) =>
        {
            if (MessageHeaders.NameProblem(name) is null && MessageHeaders.ValueProblem(value) is null)
            {
                ((MessageHeaders)carrier!)[name] = value;
            }
        });

        // A message that just fits is worth more than its trace.
        return traced.EncodedLength() + (long)dataBytes > client.ServerInfo.PayloadBytesMax ? headers : traced;
    }

    internal static ActivityContext Extract(MessageHeaders? headers)
    {
        if (headers is null)
        {
            return default;
        }

        DistributedContextPropagator.Current.ExtractTraceIdAndState(headers, Get, out string? parent, out string? state);
        return ActivityContext.TryParse(parent, state, isRemote: true, out ActivityContext context) ? context : default;

        static void Get(object? carrier, string name, out string? value, out IEnumerable<string>? values)
        {
            values = null;
            ((MessageHeaders)carrier!).TryGet(name, out value);
        }
    }

    internal static void Failed(Activity? activity, Exception failure)
    {
        activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
        activity?.SetTag("error.type", failure.GetType().FullName);
    }

    private static void Describe(Activity? activity, BusClient? client, string operation, string type, string subject, int dataBytes)
    {
        if (activity is not { IsAllDataRequested: true })
        {
            return;
        }

        activity.SetTag("messaging.system", "nats");
        activity.SetTag("messaging.operation.name", operation);
        activity.SetTag("messaging.operation.type", type);
        activity.SetTag("messaging.destination.name", subject);
        activity.SetTag("messaging.message.body.size", dataBytes);
        if (IsInbox(subject))
        {
            activity.SetTag("messaging.destination.temporary", true);
        }

        if (client is not null)
        {
            activity.SetTag("server.address", client.Server.Host);
            activity.SetTag("server.port", client.Server.Port);
            activity.SetTag("messaging.client.id", client.Options.Name);
        }
    }

    /// <summary>What a span's name says of a subject: names must not differ from message to message, as inboxes do.</summary>
    private static string Shown(string subject) => IsInbox(subject) ? Temporary : subject;

    private static bool IsInbox(string subject) => subject.StartsWith(InboxPrefix, StringComparison.Ordinal);

    private static void Count(Counter<long> counter, ServerAddress server, string operation)
    {
        if (counter.Enabled)
        {
            counter.Add(1, Tags(server, operation));
        }
    }

    private static TagList Tags(ServerAddress server, string operation) => new(
        [new("messaging.system", "nats"), new("messaging.operation.name", operation), new("server.address", server.Host), new("server.port", server.Port)]);
}

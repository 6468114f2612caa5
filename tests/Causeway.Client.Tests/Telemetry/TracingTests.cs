using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Causeway.Client.Telemetry;
using Causeway.Client.Tests.Servers;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Telemetry;

/// <summary>Traces travel with messages while somebody listens, and nothing is added while nobody does.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class TracingTests(SharedServers servers) : ServerTest(servers)
{
    private readonly ConcurrentQueue<Activity> _ended = new();

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_request_is_one_trace_from_the_asking_process_through_the_answering_one(string kind)
    {
        string subject = SharedServers.NewSubject();
        BusClient asks = await ConnectAsync(kind, options => options with { Name = "asks" });
        BusClient answers = await ConnectAsync(kind);
        await using Subscription requests = await answers.SubscribeAsync($"{subject}.*", new() { QueueGroup = "workers" }, Cancelled);
        await answers.FlushAsync(Cancelled);
        using ActivityListener listener = Listen();
        Task responder = requests.ProcessAsync((request, cancelled) => request.ReplyAsync(request.Data, cancellationToken: cancelled), Cancelled);
        MessageHeaders own = new() { ["own"] = "1" };

        Message reply = await asks.RequestAsync($"{subject}.a", Bytes("xyz"), own, Eventually.Deadline, Cancelled);
        await requests.DrainAsync(Cancelled);
        await responder.InTimeAsync();

        await Eventually.TrueAsync(() => _ended.Count(activity => IsOf(activity, subject)) == 2);
        Activity request = _ended.Single(activity => activity.OperationName == $"request {subject}.a");
        Activity process = _ended.Single(activity => activity.OperationName == $"process {subject}.*");
        Activity answer = _ended.Single(activity => activity.OperationName == "publish (temporary)" && activity.TraceId == request.TraceId);
        Assert.Equal((ActivityKind.Client, ActivityKind.Consumer, ActivityKind.Producer), (request.Kind, process.Kind, answer.Kind));
        Assert.Equal((request.TraceId, request.SpanId), (process.TraceId, process.ParentSpanId));
        Assert.Equal(process.SpanId, answer.ParentSpanId);
        Assert.Equal(answer.SpanId, reply.TraceContext.SpanId);
        Assert.Equal(
            ("nats", "send", $"{subject}.a", 3, "127.0.0.1", asks.Server.Port, "asks"),
            (request.GetTagItem("messaging.system"), request.GetTagItem("messaging.operation.type"), request.GetTagItem("messaging.destination.name"),
                request.GetTagItem("messaging.message.body.size"), request.GetTagItem("server.address"), request.GetTagItem("server.port"), request.GetTagItem("messaging.client.id")));
        Assert.Equal(("workers", $"{subject}.*"), (process.GetTagItem("messaging.consumer.group.name"), process.GetTagItem("messaging.destination.template")));
        Assert.Equal(1, own.Count);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task While_nobody_listens_messages_are_sent_as_they_are(string kind)
    {
        string subject = SharedServers.NewSubject();
        BusClient client = await ConnectAsync(kind);
        await using Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        using Activity current = new Activity("ambient").SetIdFormat(ActivityIdFormat.W3C).Start();
        await client.PublishAsync(subject, Bytes("1"), cancellationToken: Cancelled);
        await foreach (Message message in subscription.WithCancellation(Cancelled))
        {
            Assert.Null(message.Headers);
            Assert.Equal(default, message.TraceContext);
            Assert.Null(message.StartActivity());
            break;
        }
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Failures_are_in_the_spans_and_the_metrics(string kind)
    {
        string subject = SharedServers.NewSubject();
        BusClient client = await ConnectAsync(kind);
        ConcurrentQueue<(string Name, double Value, string? Error)> measured = new();
        using MeterListener meters = new();
        meters.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == ClientTelemetry.MeterName)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured.Enqueue((instrument.Name, value, null)));
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured.Enqueue((instrument.Name, value, ErrorOf(tags))));
        meters.Start();
        using ActivityListener listener = Listen();

        await Assert.ThrowsAsync<NoRespondersException>(() => client.RequestAsync(subject, timeout: Eventually.Deadline, cancellationToken: Cancelled));
        await using Subscription subscription = await client.SubscribeAsync(subject, new() { PendingMessagesMax = 1 }, Cancelled);
        await client.PublishAsync(subject, cancellationToken: Cancelled);
        await client.PublishAsync(subject, cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);
        await Assert.ThrowsAsync<InvalidDataException>(() => subscription.ProcessAsync((_, _) => throw new InvalidDataException("bad"), Cancelled));

        Activity request = _ended.Single(activity => activity.OperationName == $"request {subject}");
        Assert.Equal((ActivityStatusCode.Error, typeof(NoRespondersException).FullName), (request.Status, request.GetTagItem("error.type")));
        Activity process = _ended.Single(activity => activity.OperationName == $"process {subject}");
        Assert.Equal((ActivityStatusCode.Error, "bad"), (process.Status, process.StatusDescription));
        Assert.Contains(measured, one => one is { Name: "messaging.client.operation.duration", Value: > 0, Error: not null });
        Assert.Contains(measured, one => one is { Name: "messaging.client.sent.messages", Value: 1 });
        Assert.Contains(measured, one => one is { Name: "messaging.client.consumed.messages", Value: 1 });
        Assert.Contains(measured, one => one is { Name: "causeway.client.dropped.messages", Value: 1 });
    }

    private static bool IsOf(Activity activity, string subject) => activity.OperationName.Contains($" {subject}.", StringComparison.Ordinal);

    private static string? ErrorOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach ((string name, object? value) in tags)
        {
            if (name == "error.type")
            {
                return (string?)value;
            }
        }

        return null;
    }

    private ActivityListener Listen()
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == ClientTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}

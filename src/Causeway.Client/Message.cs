using System.Diagnostics;
using Causeway.Client.Telemetry;

namespace Causeway.Client;

/// <summary>A received message. It owns its bytes: it may be kept and read by any thread.</summary>
public readonly struct Message
{
    private readonly BusClient? _client;

    internal Message(BusClient? client, string subject, string? replyTo, MessageHeaders? headers, int headerBytes, ReadOnlyMemory<byte> data)
    {
        _client = client;
        Subject = subject;
        ReplyTo = replyTo;
        Headers = headers;
        HeaderBytes = headerBytes;
        Data = data;
    }

    /// <summary>The subject the message was published to.</summary>
    public string Subject { get; }

    /// <summary>Where the publisher wants a reply; null where it wants none.</summary>
    public string? ReplyTo { get; }

    /// <summary>The headers; null where the message has none.</summary>
    public MessageHeaders? Headers { get; }

    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The size of the header block as it was received.</summary>
    internal int HeaderBytes { get; }

    /// <summary>The trace that the message belongs to, by its headers; default where it belongs to none.</summary>
    public ActivityContext TraceContext => ClientTelemetry.Extract(Headers);

    /// <summary>
    /// Starts the activity of processing this message, in the trace that its headers name; null where nobody listens. Dispose it when the
    /// message is processed. <see cref="Subscription.ProcessAsync"/> does so by itself.
    /// </summary>
    public Activity? StartActivity() => ClientTelemetry.StartProcess(_client, this, null);

    /// <summary>Publishes a reply to <see cref="ReplyTo"/>.</summary>
    /// <exception cref="InvalidOperationException">The message wants no reply.</exception>
    /// <exception cref="BusException">As <see cref="BusClient.PublishAsync"/>.</exception>
    public ValueTask ReplyAsync(ReadOnlyMemory<byte> data, MessageHeaders? headers = null, CancellationToken cancellationToken = default) =>
        _client is null || ReplyTo is null
            ? throw new InvalidOperationException($"the message on '{Subject}' wants no reply")
            : _client.PublishAsync(ReplyTo, data, headers: headers, cancellationToken: cancellationToken);
}

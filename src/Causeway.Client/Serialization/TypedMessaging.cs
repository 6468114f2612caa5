using System.Text.Json.Serialization.Metadata;

namespace Causeway.Client.Serialization;

/// <summary>Publishing, subscribing and requesting with values instead of bytes.</summary>
public static class TypedMessaging
{
    /// <summary>Publishes a value; else as <see cref="BusClient.PublishAsync"/>.</summary>
    /// <param name="client">The client.</param>
    /// <param name="subject">Where to; no wildcards.</param>
    /// <param name="value">The value.</param>
    /// <param name="serializer">Makes the payload.</param>
    /// <param name="replyTo">The subject on which a reply is wanted; null for none.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    public static async ValueTask PublishAsync<T>(
        this BusClient client,
        string subject,
        T value,
        IMessageSerializer<T> serializer,
        string? replyTo = null,
        MessageHeaders? headers = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(serializer);
        using PooledBuffer buffer = new();
        serializer.Serialize(buffer, value);
        await client.PublishAsync(subject, buffer.Written, replyTo, headers, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Publishes a value as JSON; else as <see cref="BusClient.PublishAsync"/>.</summary>
    public static ValueTask PublishAsync<T>(
        this BusClient client, string subject, T value, JsonTypeInfo<T> type, MessageHeaders? headers = null, CancellationToken cancellationToken = default) =>
        client.PublishAsync(subject, value, MessageSerializers.Json(type), headers: headers, cancellationToken: cancellationToken);

    /// <summary>Subscribes to values; else as <see cref="BusClient.SubscribeAsync"/>.</summary>
    /// <param name="client">The client.</param>
    /// <param name="subject">What to; may have wildcards.</param>
    /// <param name="serializer">Reads the payloads.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait for room to tell the server.</param>
    public static async ValueTask<TypedSubscription<T>> SubscribeAsync<T>(
        this BusClient client,
        string subject,
        IMessageSerializer<T> serializer,
        SubscribeOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(serializer);
        return new TypedSubscription<T>(await client.SubscribeAsync(subject, options, cancellationToken).ConfigureAwait(false), serializer);
    }

    /// <summary>Subscribes to values in JSON; else as <see cref="BusClient.SubscribeAsync"/>.</summary>
    public static ValueTask<TypedSubscription<T>> SubscribeAsync<T>(
        this BusClient client, string subject, JsonTypeInfo<T> type, SubscribeOptions? options = null, CancellationToken cancellationToken = default) =>
        client.SubscribeAsync(subject, MessageSerializers.Json(type), options, cancellationToken);

    /// <summary>Publishes a value as a request and waits for the first reply, whose payload is a value too; else as <see cref="BusClient.RequestAsync"/>.</summary>
    /// <param name="client">The client.</param>
    /// <param name="subject">Where to; no wildcards.</param>
    /// <param name="value">The request.</param>
    /// <param name="serializer">Makes the request's payload.</param>
    /// <param name="replySerializer">Reads the reply's payload.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <param name="timeout">How long to wait; null for <see cref="BusClientOptions.RequestTimeout"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MessageFormatException">The reply's payload is no value.</exception>
    public static async Task<TReply> RequestAsync<TRequest, TReply>(
        this BusClient client,
        string subject,
        TRequest value,
        IMessageSerializer<TRequest> serializer,
        IMessageSerializer<TReply> replySerializer,
        MessageHeaders? headers = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(replySerializer);
        using PooledBuffer buffer = new();
        serializer.Serialize(buffer, value);
        Message reply = await client.RequestAsync(subject, buffer.Written, headers, timeout, cancellationToken).ConfigureAwait(false);
        return new TypedMessage<TReply>(reply, replySerializer).Value;
    }

    /// <summary>Publishes a value in JSON as a request and waits for the first reply, in JSON too.</summary>
    public static Task<TReply> RequestAsync<TRequest, TReply>(
        this BusClient client,
        string subject,
        TRequest value,
        JsonTypeInfo<TRequest> type,
        JsonTypeInfo<TReply> replyType,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default) =>
        client.RequestAsync(
            subject, value, MessageSerializers.Json(type), MessageSerializers.Json(replyType), timeout: timeout, cancellationToken: cancellationToken);
}

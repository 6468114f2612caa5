using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Causeway.Client.Serialization;

/// <summary>A received message whose payload is a value. A payload that is none is told by <see cref="Value"/>, and ends nothing else.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public readonly struct TypedMessage<T>
{
    private readonly T? _value;

    internal TypedMessage(in Message message, IMessageSerializer<T> serializer)
    {
        Message = message;
        try
        {
            _value = serializer.Deserialize(message.Data);
        }
#pragma warning disable CA1031 // Whatever a serializer finds wrong with a payload is the message's fault, not the subscription's.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fault = new MessageFormatException(message.Subject, typeof(T), fault);
        }
    }

    /// <summary>The message as it was received.</summary>
    public Message Message { get; }

    /// <summary>The subject the message was published to.</summary>
    public string Subject => Message.Subject;

    /// <summary>The headers; null where the message has none.</summary>
    public MessageHeaders? Headers => Message.Headers;

    /// <summary>Why the payload is no value; null where it is one.</summary>
    public MessageFormatException? Fault { get; }

    /// <summary>The value.</summary>
    /// <exception cref="MessageFormatException">The payload is none.</exception>
    public T Value => Fault is null ? _value! : throw Fault;

    /// <summary>The value, if the payload is one.</summary>
    public bool TryGetValue([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return Fault is null;
    }

    /// <summary>Starts the activity of processing, as <see cref="Causeway.Client.Message.StartActivity"/> does.</summary>
    public Activity? StartActivity() => Message.StartActivity();

    /// <summary>Publishes a value as the reply.</summary>
    /// <exception cref="InvalidOperationException">The message wants no reply.</exception>
    /// <exception cref="BusException">As <see cref="BusClient.PublishAsync"/>.</exception>
    public async ValueTask ReplyAsync<TReply>(
        TReply value, IMessageSerializer<TReply> serializer, MessageHeaders? headers = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        using PooledBuffer buffer = new();
        serializer.Serialize(buffer, value);
        await Message.ReplyAsync(buffer.Written, headers, cancellationToken).ConfigureAwait(false);
    }
}

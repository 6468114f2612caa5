namespace Causeway.Client.Serialization;

/// <summary>A subscription whose messages carry values; see <see cref="Subscription"/> for what it promises.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class TypedSubscription<T> : IAsyncEnumerable<TypedMessage<T>>, IAsyncDisposable
{
    private readonly IMessageSerializer<T> _serializer;

    internal TypedSubscription(Subscription subscription, IMessageSerializer<T> serializer)
    {
        Subscription = subscription;
        _serializer = serializer;
    }

    /// <summary>The subscription itself.</summary>
    public Subscription Subscription { get; }

    /// <summary>The messages, until the subscription ends. One whose payload is no value is among them, see <see cref="TypedMessage{T}.Fault"/>.</summary>
    public async IAsyncEnumerator<TypedMessage<T>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (Message message in Subscription.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return new TypedMessage<T>(message, _serializer);
        }
    }

    /// <summary>Calls <paramref name="handle"/> for each message as <see cref="Subscription.ProcessAsync"/> does.</summary>
    /// <param name="handle">What is done with a message.</param>
    /// <param name="cancellationToken">Ends the wait for messages.</param>
    public Task ProcessAsync(Func<TypedMessage<T>, CancellationToken, ValueTask> handle, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Subscription.ProcessAsync((message, cancelled) => handle(new TypedMessage<T>(message, _serializer), cancelled), cancellationToken);
    }

    /// <summary>Ends the subscription without losing what the server has sent already, see <see cref="Subscription.DrainAsync"/>.</summary>
    public Task DrainAsync(CancellationToken cancellationToken = default) => Subscription.DrainAsync(cancellationToken);

    /// <summary>Ends the subscription at once.</summary>
    public ValueTask DisposeAsync() => Subscription.DisposeAsync();
}

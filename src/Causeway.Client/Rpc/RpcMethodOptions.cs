namespace Causeway.Client.Rpc;

/// <summary>How a server runs a method. Null leaves a bound to <see cref="RpcLimits"/>.</summary>
public sealed record RpcMethodOptions
{
    /// <summary>Handlers that run at the same time, or streams that are open. At least 1.</summary>
    public int? ConcurrencyMax { get; init; }

    /// <summary>Calls that may wait for a handler; 0 refuses what can't begin at once.</summary>
    public int? QueuedCallsMax { get; init; }

    /// <summary>Bytes of calls that may wait for a handler. At least 1.</summary>
    public long? QueuedBytesMax { get; init; }

    /// <summary>
    /// Whether the handler blocks its thread (sleeps, waits for a lock, a task or synchronous input and output), so that each of its calls
    /// gets a thread of its own. On the thread pool, as is the default, handlers that block hold up all of the process, its connections too.
    /// </summary>
    public bool Blocks { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ConcurrencyMax ?? 1, 1, nameof(ConcurrencyMax));
        ArgumentOutOfRangeException.ThrowIfLessThan(QueuedCallsMax ?? 1, 0, nameof(QueuedCallsMax));
        ArgumentOutOfRangeException.ThrowIfLessThan(QueuedBytesMax ?? 1, 1, nameof(QueuedBytesMax));
    }
}

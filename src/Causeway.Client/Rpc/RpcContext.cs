namespace Causeway.Client.Rpc;

/// <summary>What a handler knows of its call besides the request.</summary>
public sealed class RpcContext
{
    internal RpcContext(string key, TimeSpan timeLeft, CancellationToken cancelled)
    {
        Key = key;
        TimeLeft = timeLeft;
        Cancelled = cancelled;
    }

    /// <summary>The key that the call is for; empty for none.</summary>
    public string Key { get; }

    /// <summary>What was left of the call's time when the handler began; for a stream, of the time to open it.</summary>
    public TimeSpan TimeLeft { get; }

    /// <summary>
    /// Cancelled when the time is up, the caller gave up, the stream failed or the server closes. A handler that goes on regardless keeps
    /// its place among the method's <see cref="RpcMethodOptions.ConcurrencyMax"/>.
    /// </summary>
    public CancellationToken Cancelled { get; }
}

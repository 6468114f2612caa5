namespace Causeway.Drill.Load;

/// <summary>
/// A synthetic load of clients that chat in rooms, call each other across regions, and hold subscriptions. Every message is numbered,
/// so what is lost, doubled or out of order is known by publisher and region. All of it can be changed while it runs. Thread-safe.
/// </summary>
public interface ILoad : IAsyncDisposable
{
    /// <summary>Sets what the clients of a region do from now on; they get there within a few seconds.</summary>
    Task SetAsync(string region, LoadLevel level, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until every message published so far has arrived or can't arrive any more, up to <paramref name="most"/>.
    /// </summary>
    Task SettleAsync(TimeSpan most, CancellationToken cancellationToken);

    /// <summary>What came of it so far, by region.</summary>
    IReadOnlyList<LoadSample> Sample();
}

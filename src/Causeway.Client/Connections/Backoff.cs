namespace Causeway.Client.Connections;

/// <summary>The delays of a series of reconnects: exponential with full jitter, see <see cref="ReconnectOptions"/>.</summary>
internal sealed class Backoff(ReconnectOptions options, Random random)
{
    private int _failures;

    public TimeSpan Next()
    {
        // Ticks as double: no overflow however long the series gets.
        double bound = Math.Min(options.DelayMax.Ticks, options.DelayMin.Ticks * Math.Pow(2, _failures));
        _failures = Math.Min(_failures + 1, 64);
        return TimeSpan.FromTicks((long)(bound * random.NextDouble()));
    }

    /// <summary>A connection has ended after <paramref name="lifetime"/>: a stable one begins a new series.</summary>
    public void ConnectionEnded(TimeSpan lifetime)
    {
        if (lifetime >= options.StableAfter)
        {
            _failures = 0;
        }
    }
}

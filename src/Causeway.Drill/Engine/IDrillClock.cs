namespace Causeway.Drill.Engine;

/// <summary>The clock of a run: the machine's, or one that tests move.</summary>
internal interface IDrillClock
{
    /// <summary>Time since some fixed moment.</summary>
    TimeSpan Now { get; }

    /// <summary>Comes back when <see cref="Now"/> has reached <paramref name="moment"/>.</summary>
    Task UntilAsync(TimeSpan moment, CancellationToken cancellationToken);
}

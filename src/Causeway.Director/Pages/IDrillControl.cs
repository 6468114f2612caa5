namespace Causeway.Director.Pages;

/// <summary>Starts and stops drills from the operations page. Thread-safe; the caller has been checked.</summary>
public interface IDrillControl
{
    /// <summary>The drills that can be started.</summary>
    Task<IReadOnlyList<DrillOffer>> ListAsync(CancellationToken cancel);

    /// <summary>The drill that runs, or ran last; null if none has. Cheap: asked once a second.</summary>
    DrillState? State { get; }

    /// <summary>Starts the drill <paramref name="name"/>; only one runs at a time.</summary>
    Task<ActionOutcome> StartAsync(string name, CancellationToken cancel);

    /// <summary>Ends the drill that runs, and puts everything back.</summary>
    Task<ActionOutcome> StopAsync(CancellationToken cancel);

    /// <summary>The report of the drill that ran last, a page of HTML that needs nothing else and has no scripts; null if there is none.</summary>
    Task<string?> ReportAsync(CancellationToken cancel);
}

/// <summary>A drill that can be started. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, in one line.</param>
public sealed record DrillOffer(string Name, string Description);

/// <summary>How a drill goes. Immutable.</summary>
public sealed record DrillState
{
    /// <summary>The drill's name.</summary>
    public required string Name { get; init; }

    /// <summary>True while it runs.</summary>
    public required bool IsRunning { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What it does at present, or how it ended, in one line.</summary>
    public required string Step { get; init; }

    /// <summary>How far it is, 0 to 1.</summary>
    public required double Progress { get; init; }

    /// <summary>Expectations that held so far.</summary>
    public int Held { get; init; }

    /// <summary>Expectations that failed so far.</summary>
    public int Failed { get; init; }

    /// <summary>True once there is a report of it.</summary>
    public bool HasReport { get; init; }
}

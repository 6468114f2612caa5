using Causeway.Drill.Expectations;

namespace Causeway.Drill.Results;

/// <summary>A run as it is written down: in JSON, and what reports are made from. Immutable.</summary>
internal sealed record DrillResult
{
    /// <summary>The version of this form.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of the form that it is written in.</summary>
    public required int Format { get; init; }

    /// <summary>The drill's name.</summary>
    public required string Drill { get; init; }

    /// <summary>What it is, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Its story.</summary>
    public required string Story { get; init; }

    /// <summary>Which bus: <c>causeway</c> or <c>nats-server</c>.</summary>
    public required string Bus { get; init; }

    /// <summary>The bus's version.</summary>
    public required string Version { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The command that ran it.</summary>
    public required string Command { get; init; }

    /// <summary>What the machine is, line by line.</summary>
    public required IReadOnlyList<string> Machine { get; init; }

    /// <summary>The time of day that the script's clock begins at, as <c>HH:mm:ss</c>; null for a clock that counts from 0.</summary>
    public string? StartsAt { get; init; }

    /// <summary>How many times faster than the script's clock it went.</summary>
    public required double TimeScale { get; init; }

    /// <summary>What all loads were multiplied with.</summary>
    public required double Size { get; init; }

    /// <summary>What random choices began from.</summary>
    public required int Seed { get; init; }

    /// <summary>The memory limit of each process at the start.</summary>
    public required long MemoryLimitBytes { get; init; }

    /// <summary>Nodes of each region at the start.</summary>
    public required int NodesPerRegion { get; init; }

    /// <summary>The regions.</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    /// <summary>The links at the start, in words.</summary>
    public required IReadOnlyList<string> Links { get; init; }

    /// <summary>When the script was over, in seconds of the machine's clock.</summary>
    public required double QuietAtSeconds { get; init; }

    /// <summary>How long after that everything was known everywhere; null if it was not, or is not told.</summary>
    public double? ConvergedAfterSeconds { get; init; }

    /// <summary>True if no expectation failed.</summary>
    public required bool IsMet { get; init; }

    /// <summary>What was expected and what came of it.</summary>
    public required IReadOnlyList<Outcome> Expectations { get; init; }

    /// <summary>Figures to compare runs by.</summary>
    public required IReadOnlyList<Figure> Figures { get; init; }

    /// <summary>What happened.</summary>
    public required IReadOnlyList<ResultEvent> Events { get; init; }

    /// <summary>What was measured.</summary>
    public required ResultSeries Series { get; init; }

    /// <summary>A moment of the machine's clock as the script's clock shows it.</summary>
    public string Clock(double atSeconds) => Engine.ScriptClock.Show(
        StartsAt is { } start ? TimeOnly.Parse(start, System.Globalization.CultureInfo.InvariantCulture) : null, TimeSpan.FromSeconds(atSeconds * TimeScale));
}

/// <summary>Something that happened.</summary>
internal sealed record ResultEvent(double AtSeconds, Engine.EventKind Kind, string Text, string Key, string Region, string Node);

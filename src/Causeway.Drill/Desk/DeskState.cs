namespace Causeway.Drill.Desk;

/// <summary>How the drill of a <see cref="DrillDesk"/> goes. Immutable.</summary>
internal sealed record DeskState
{
    /// <summary>The drill's name.</summary>
    public required string Name { get; init; }

    /// <summary>True until it has ended and everything is put back.</summary>
    public required bool IsRunning { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What it does at present, or how it ended, in one line.</summary>
    public required string Step { get; init; }

    /// <summary>How much of the script is over, 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>Expectations that are met; 0 until they are judged.</summary>
    public int Met { get; init; }

    /// <summary>Expectations that are not met; 0 until they are judged.</summary>
    public int Failed { get; init; }

    /// <summary>The file of its report; empty while there is none.</summary>
    public string Report { get; init; } = "";
}

namespace Causeway.Drill.Engine;

/// <summary>Bounds of a run.</summary>
internal static class DrillLimits
{
    /// <summary>Time from one sample to the next.</summary>
    public static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(1);

    /// <summary>Samples kept: one for each second of the longest run, and of what comes after it.</summary>
    public const int SamplesMax = 4_000;

    /// <summary>Events kept; further ones are counted.</summary>
    public const int EventsMax = 2_000;

    /// <summary>How long a step may take; then it counts as a problem and the drill goes on.</summary>
    public static readonly TimeSpan StepMost = TimeSpan.FromSeconds(60);

    /// <summary>How long the load's first level may take before the script begins.</summary>
    public static readonly TimeSpan WarmUpMost = TimeSpan.FromSeconds(60);

    /// <summary>How long to wait for messages that are under way at the end.</summary>
    public static readonly TimeSpan SettleMost = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait for convergence at the end, at least; longer where more is expected.</summary>
    public static readonly TimeSpan ConvergenceMost = TimeSpan.FromSeconds(20);

    /// <summary>Time from one sample to the next while convergence is waited for.</summary>
    public static readonly TimeSpan ConvergenceInterval = TimeSpan.FromMilliseconds(250);
}

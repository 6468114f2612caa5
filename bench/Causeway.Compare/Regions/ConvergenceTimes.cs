namespace Causeway.Compare.Regions;

/// <summary>Seconds until all sampled messages arrived, and until the whole of the interest is known; null for never in time.</summary>
internal sealed record ConvergenceTimes(double? Arrived, double? Synced)
{
    /// <summary>When both are so.</summary>
    public double? All => Arrived is { } arrived && Synced is { } synced ? Math.Max(arrived, synced) : null;
}

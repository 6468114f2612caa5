namespace Causeway.Compare.Regions;

/// <summary>How large the scenarios are.</summary>
internal sealed record RegionSettings
{
    /// <summary>The program whose <c>bench</c> makes the load.</summary>
    public required string CausewayDll { get; init; }

    /// <summary>A part of the subscriptions, for a smoke run.</summary>
    public required double Scale { get; init; }

    /// <summary>The measured time of each load.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How long the link stalls under churn.</summary>
    public required TimeSpan Stall { get; init; }

    /// <summary>How long to wait for regions to agree.</summary>
    public required TimeSpan Limit { get; init; }

    public long Scaled(long count) => Math.Max(1, (long)(count * Scale));
}

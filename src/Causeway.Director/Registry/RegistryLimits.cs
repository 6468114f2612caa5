namespace Causeway.Director.Registry;

/// <summary>Bounds of what a director keeps of nodes.</summary>
public static class RegistryLimits
{
    /// <summary>Silence after which a lost node is forgotten.</summary>
    public static readonly TimeSpan NodeForgottenAfter = TimeSpan.FromMinutes(10);

    /// <summary>Time from the first report until a director decides: by then each node that lives has sent one.</summary>
    public static readonly TimeSpan FirstHearing = TimeSpan.FromSeconds(2);

    /// <summary>Time from one view to the next.</summary>
    public static readonly TimeSpan ViewInterval = TimeSpan.FromSeconds(1);

    /// <summary>Most regions kept; nodes of further ones are refused.</summary>
    public const int MaxRegions = 256;

    /// <summary>Longest name of a region or node, in characters.</summary>
    public const int MaxNameCharacters = 256;

    /// <summary>Most reasons shown of a region.</summary>
    public const int MaxRegionReasons = 16;

    /// <summary>Headroom below which a region counts as degraded.</summary>
    public const double DegradedHeadroom = 0.1;

    /// <summary>Reports that may wait to be read.</summary>
    public const int MaxPendingReports = 20_000;

    /// <summary>Bytes of reports that may wait to be read.</summary>
    public const long MaxPendingReportBytes = 64L * 1024 * 1024;
}

namespace Causeway.Director.Status;

/// <summary>Bounds and times of the status page.</summary>
public static class StatusLimits
{
    /// <summary>How much bad time has to add up before a component is shown as worse. A region that is down shows at once.</summary>
    public static readonly TimeSpan WorsenAfter = TimeSpan.FromSeconds(10);

    /// <summary>For how long a component has to be better before it is shown so.</summary>
    public static readonly TimeSpan ImproveAfter = TimeSpan.FromSeconds(60);

    /// <summary>What <see cref="ImproveAfter"/> grows to, doubling, for one that falls ill again and again.</summary>
    public static readonly TimeSpan MaxImproveAfter = TimeSpan.FromMinutes(16);

    /// <summary>Calm after which a component counts as one that does not fall ill again and again.</summary>
    public static readonly TimeSpan ForgiveAfter = TimeSpan.FromHours(1);

    /// <summary>The longest time that one look stands for; a gap between looks is no evidence.</summary>
    public static readonly TimeSpan MaxLookTime = TimeSpan.FromSeconds(5);

    /// <summary>For how long a region that was known may be missing, once there are reports at all, before it counts as down.</summary>
    public static readonly TimeSpan AbsentGrace = TimeSpan.FromSeconds(30);

    /// <summary>For how long all has to look better before an incident counts as mitigated.</summary>
    public static readonly TimeSpan MitigatedAfter = TimeSpan.FromSeconds(10);

    /// <summary>Lag of interest over a link past which traffic between regions counts as degraded, in seconds.</summary>
    public const double LagDegradedSeconds = 30;

    /// <summary>Time for which one director is the one that publishes, unless it renews.</summary>
    public static readonly TimeSpan WriterLease = TimeSpan.FromSeconds(9);

    /// <summary>Time between renewals of the lease.</summary>
    public static readonly TimeSpan WriterRenewal = TimeSpan.FromSeconds(3);

    /// <summary>Time between writes of the day's record.</summary>
    public static readonly TimeSpan DayWriteInterval = TimeSpan.FromSeconds(15);

    /// <summary>A longer gap than this in the day's record counts as not watched, since nobody knows how it was.</summary>
    public static readonly TimeSpan MaxAccountedGap = TimeSpan.FromSeconds(45);

    /// <summary>Days of uptime that are shown.</summary>
    public const int Days = 90;

    /// <summary>Most components; regions past it are not shown, and counted.</summary>
    public const int MaxComponents = 100;

    /// <summary>Most incidents kept, the newest; older ones are forgotten.</summary>
    public const int MaxIncidents = 100;

    /// <summary>Most entries that are made by the directors themselves in one incident; more are counted only.</summary>
    public const int MaxAutomaticEntries = 60;

    /// <summary>Most entries by operators in one incident; more are refused.</summary>
    public const int MaxAnnotations = 60;

    /// <summary>Most characters of an operator's entry.</summary>
    public const int MaxAnnotationCharacters = 2_000;

    /// <summary>Most alarms kept with an incident, the first ones.</summary>
    public const int MaxEvidence = 40;

    /// <summary>Most tries to write a document that others write too.</summary>
    public const int MaxWriteTries = 8;
}

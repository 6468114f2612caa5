namespace Causeway.Director.Pages;

/// <summary>Bounds and times of the pages.</summary>
public static class PagesLimits
{
    /// <summary>Most operations pages that are live at a time; more are told to come later.</summary>
    public const int MaxStreams = 64;

    /// <summary>Silence after which a live page gets a sign of life.</summary>
    public static readonly TimeSpan StreamHeartbeat = TimeSpan.FromSeconds(5);

    /// <summary>Time in which a live page has to take what it is sent; one that does not is cut off and comes back by itself.</summary>
    public static readonly TimeSpan StreamWriteTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Most nodes on the operations page, the fullest first; the page says how many it leaves out.</summary>
    public const int MaxNodesShown = 200;

    /// <summary>Most alarms on the operations page, the worst first; the page says how many it leaves out.</summary>
    public const int MaxAlarmsShown = 100;

    /// <summary>Most incidents on the operations page, the newest.</summary>
    public const int MaxIncidentsShown = 10;

    /// <summary>Most incidents in the feed and in the JSON, the newest.</summary>
    public const int MaxIncidentsInFeed = 50;

    /// <summary>Incidents on the first public page that are over; the others are in the history.</summary>
    public const int RecentIncidents = 5;

    /// <summary>Time between two samples of history.</summary>
    public static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(2);

    /// <summary>Samples that are kept of a node or region: half an hour.</summary>
    public const int MaxSamples = 900;

    /// <summary>Most nodes of which samples are kept; those past it have none, and the page says so.</summary>
    public const int MaxSampledNodes = 200;

    /// <summary>Most regions of which samples are kept.</summary>
    public const int MaxSampledRegions = 100;

    /// <summary>Most uses of memory in a sample.</summary>
    public const int MaxUses = 16;

    /// <summary>Events that are kept, the newest.</summary>
    public const int MaxEvents = 200;

    /// <summary>Events that a live page gets, the newest.</summary>
    public const int MaxEventsShown = 60;

    /// <summary>Time that a login lasts.</summary>
    public static readonly TimeSpan MaxSessionAge = TimeSpan.FromHours(12);

    /// <summary>Most logins that were ended before their time and are remembered for it; past it the ones that end soonest are forgotten.</summary>
    public const int MaxRevokedSessions = 1_000;

    /// <summary>How old the list of ended logins may be.</summary>
    public static readonly TimeSpan MaxRevokedAge = TimeSpan.FromSeconds(2);

    /// <summary>Wrong tokens that an address may try in <see cref="LoginWindow"/>.</summary>
    public const int MaxLoginsByAddress = 5;

    /// <summary>Wrong tokens that all addresses together may try in <see cref="LoginWindow"/>.</summary>
    public const int MaxLogins = 600;

    /// <summary>Time over which wrong tokens are counted.</summary>
    public static readonly TimeSpan LoginWindow = TimeSpan.FromMinutes(1);

    /// <summary>Largest body of a request, in bytes.</summary>
    public const int MaxBodyBytes = 16 * 1024;

    /// <summary>Time that an action may take, its way to the node and back included.</summary>
    public static readonly TimeSpan ActionTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Seconds that a browser or proxy may keep a public page.</summary>
    public const int PublicCacheSeconds = 5;
}

namespace Causeway.Director.Admission;

/// <summary>Bounds of admission.</summary>
public static class AdmissionLimits
{
    /// <summary>Time in which a client that was granted a place has to connect; until then, or until it says that it has, the place is taken.</summary>
    public static readonly TimeSpan GrantLease = TimeSpan.FromSeconds(10);

    /// <summary>Time for which a place stays taken after its client has arrived: by then two reports have counted it.</summary>
    public static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(3);

    /// <summary>How late a client may come to its turn in the queue.</summary>
    public static readonly TimeSpan TurnGrace = TimeSpan.FromSeconds(5);

    /// <summary>Wait for a nearer region that is better than going to the next one.</summary>
    public static readonly TimeSpan NearPatience = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait for which a place in a queue is kept.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(5);

    /// <summary>When to ask again where there is no room at all.</summary>
    public static readonly TimeSpan FullWait = TimeSpan.FromSeconds(5);

    /// <summary>Share of a wait that is added at random, so that clients don't come together.</summary>
    public const double JitterShare = 0.25;

    /// <summary>Most clients queued for a region.</summary>
    public const int MaxQueued = 100_000;

    /// <summary>Most grants of a region that live at a time.</summary>
    public const int MaxGrants = 1_000_000;

    /// <summary>Most clients under way whose nodes a director counts.</summary>
    public const int MaxPlaces = 100_000;

    /// <summary>Most books of grants: two for each region, one of them for those who return.</summary>
    public const int MaxBooks = 2 * Registry.RegistryLimits.MaxRegions;

    /// <summary>Share of the measured room that is kept back for what reports have not shown yet.</summary>
    public const double ReserveShare = 0.1;

    /// <summary>Least memory that a client is reckoned with, in bytes, however little those connected take.</summary>
    public const long MinBytesPerClient = 16 * 1024;

    /// <summary>Memory that is not reckoned as clients', in bytes: that of a node's event loops, of which nothing but their sum with clients' is told.</summary>
    public const long MaxLoopBytes = 1024 * 1024;

    /// <summary>The part of a node's budget, one n-th, that <see cref="MaxLoopBytes"/> never passes.</summary>
    public const long LoopShare = 64;

    /// <summary>Time in which all of a region's room may fill, where no rate was configured.</summary>
    public static readonly TimeSpan FillTime = TimeSpan.FromSeconds(30);

    /// <summary>Least rate of a region that has room, in clients a second.</summary>
    public const double MinRatePerSecond = 1;

    /// <summary>Share of a region's rate at which clients return to it from elsewhere.</summary>
    public const double ReturnShare = 0.25;

    /// <summary>Share of a region's rate while its room is known from before only.</summary>
    public const double DoubtShare = 0.1;

    /// <summary>Time for which a region has to be well before clients return to it.</summary>
    public static readonly TimeSpan ReturnAfter = TimeSpan.FromSeconds(15);

    /// <summary>Time after which a client that stays asks again.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(10);

    /// <summary>Time after which a client asks again whose region drains or whose region is in doubt.</summary>
    public static readonly TimeSpan UrgentPollInterval = TimeSpan.FromSeconds(2);
}

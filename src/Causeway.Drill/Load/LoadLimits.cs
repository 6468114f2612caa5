namespace Causeway.Drill.Load;

/// <summary>The bounds of a synthetic load.</summary>
public static class LoadLimits
{
    /// <summary>Most clients of a region.</summary>
    public const int MaxClients = 5_000;

    /// <summary>Most clients of a region that don't read.</summary>
    public const int MaxStuckClients = 500;

    /// <summary>Most subscriptions held in a region.</summary>
    public const int MaxHeldSubscriptions = 2_000_000;

    /// <summary>Most messages of a kind that a region publishes in a second.</summary>
    public const double MaxMessagesPerSecond = 100_000;

    /// <summary>Largest payload in bytes.</summary>
    public const int MaxPayloadBytes = 1024 * 1024;

    /// <summary>Calls of a region that may wait for an answer; further ones fail at once.</summary>
    public const int MaxPendingCalls = 2_000;

    /// <summary>Clients of a region that connect at the same time.</summary>
    public const int MaxConnecting = 8;

    /// <summary>Subscriptions of one connection that holds some.</summary>
    public const int MaxSubscriptionsPerHolder = 25_000;

    /// <summary>Subscriptions that are told in one piece, and so how fast their number changes at most: this many each <see cref="Beat"/>.</summary>
    public const int MaxHeldChangesPerBeat = 2_500;

    /// <summary>The load's heartbeat: what is due is published, what is wanted connected.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    /// <summary>Most that is made up for after a pause of the load itself.</summary>
    public static readonly TimeSpan MaxCatchUp = TimeSpan.FromMilliseconds(250);

    /// <summary>Wait before a connection of a raw client is tried again.</summary>
    public static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);
}

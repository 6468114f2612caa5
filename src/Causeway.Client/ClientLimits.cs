namespace Causeway.Client;

/// <summary>The bounds that hold for every client. What can be chosen per client stands in <see cref="BusClientOptions"/> with its default from here.</summary>
public static class ClientLimits
{
    /// <summary>
    /// Longest control line, in bytes: the servers' usual <c>max_control_line</c>, which they don't tell. A longer one makes them
    /// close the connection, so it is refused here.
    /// </summary>
    public const int ControlLineBytesMax = 4096;

    /// <summary>Longest INFO line accepted, in bytes; a server of a large cluster lists thousands of addresses in it.</summary>
    public const int InfoLineBytesMax = 1024 * 1024;

    /// <summary>Largest message accepted from a server, in bytes: headers and payload; servers don't allow a larger <c>max_payload</c>.</summary>
    public const int MessageBytesMax = 64 * 1024 * 1024;

    /// <summary>
    /// Default for <see cref="BusClientOptions.OutboundBytesMax"/>: some milliseconds of a fast network, and small enough to stay in
    /// a processor's cache, where more only costs time.
    /// </summary>
    public const int DefaultOutboundBytesMax = 1024 * 1024;

    /// <summary>Default for <see cref="SubscribeOptions.PendingMessagesMax"/>.</summary>
    public const int DefaultPendingMessagesMax = 65_536;

    /// <summary>Default for <see cref="SubscribeOptions.PendingBytesMax"/>.</summary>
    public const long DefaultPendingBytesMax = 64L * 1024 * 1024;

    /// <summary>Requests that may wait for replies at the same time, per client.</summary>
    public const int PendingRequestsMax = 65_536;

    /// <summary>Servers remembered per client: those of the options, then those that servers tell about.</summary>
    public const int ServersMax = 256;

    /// <summary>Pings without any byte in return after which a connection counts as dead.</summary>
    public const int UnansweredPingsMax = 2;

    /// <summary>Directors that a client may be told, in <see cref="FollowOptions.Directors"/>.</summary>
    public const int DirectorsMax = 32;

    /// <summary>Largest answer of a director that is read, in bytes.</summary>
    public const int AdviceBytesMax = 1024 * 1024;

    /// <summary>Regions to which the round trip is measured.</summary>
    public const int MeasuredRegionsMax = 16;

    /// <summary>Longest name of a region that is taken from a director, in characters.</summary>
    public const int RegionNameCharactersMax = 128;

    /// <summary>Longest time until a client that is connected asks the directors again, whatever they say.</summary>
    public static readonly TimeSpan PollIntervalMax = TimeSpan.FromMinutes(5);

    /// <summary>How long measuring one region may take.</summary>
    public static readonly TimeSpan MeasureTimeout = TimeSpan.FromSeconds(1);

    /// <summary>How long a client that moves to another region waits until the old server has taken what was published.</summary>
    public static readonly TimeSpan MoveFlushTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Times that a client asks for a place at its first connect when the servers that it is sent to don't accept it.</summary>
    public const int PlacesMax = 3;
}

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
}

namespace Causeway.Core.Protocol;

/// <summary>
/// The texts of <c>-ERR</c>, to the letter those of nats-server, since client libraries match on them.
/// </summary>
public static class ProtocolError
{
    /// <summary>No verb of the protocol; closes.</summary>
    public const string UnknownOperation = "Unknown Protocol Operation";

    /// <summary>A line over the limit; closes.</summary>
    public const string LineTooLong = "maximum control line exceeded";

    /// <summary>A message over the limit; closes.</summary>
    public const string PayloadTooLarge = "Maximum Payload Violation";

    /// <summary>A CONNECT with a protocol level that does not exist; closes.</summary>
    public const string InvalidProtocol = "invalid client protocol";

    /// <summary>A CONNECT that wants no-responders without headers; closes.</summary>
    public const string NoRespondersNeedsHeaders = "no responders requires headers support";

    /// <summary>The node has all the connections it takes; closes.</summary>
    public const string MaxConnections = "maximum connections exceeded";

    /// <summary>PINGs stayed unanswered; closes.</summary>
    public const string StaleConnection = "Stale Connection";

    /// <summary>The client has all the subscriptions it may have; the connection stays open.</summary>
    public const string MaxSubscriptions = "maximum subscriptions exceeded";

    /// <summary>A subject that can't be; the connection stays open.</summary>
    public const string InvalidSubject = "Invalid Subject";

    /// <summary>A subject that can't be published to, told to pedantic clients; the connection stays open.</summary>
    public const string InvalidPublishSubject = "Invalid Publish Subject";
}

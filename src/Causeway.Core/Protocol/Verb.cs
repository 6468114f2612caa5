namespace Causeway.Core.Protocol;

/// <summary>What a client can say (NATS client protocol documentation).</summary>
public enum Verb
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>A message: <c>PUB subject [reply] size</c>.</summary>
    Pub,

    /// <summary>A message with headers: <c>HPUB subject [reply] header-size total-size</c>.</summary>
    Hpub,

    /// <summary>A subscription: <c>SUB subject [queue] sid</c>.</summary>
    Sub,

    /// <summary>The end of a subscription: <c>UNSUB sid [max]</c>.</summary>
    Unsub,

    /// <summary>Options: <c>CONNECT {json}</c>.</summary>
    Connect,

    /// <summary>A question for life, and a flush barrier.</summary>
    Ping,

    /// <summary>The answer.</summary>
    Pong,

    /// <summary>Server information, which a client has no business to send; accepted and ignored, as by nats-server.</summary>
    Info,

    /// <summary>An acknowledgement, accepted and ignored.</summary>
    Ok,

    /// <summary>An error told by the client.</summary>
    Err,
}

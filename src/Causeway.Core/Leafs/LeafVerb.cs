namespace Causeway.Core.Leafs;

/// <summary>What a line of the leaf-node protocol is.</summary>
public enum LeafVerb
{
    /// <summary>None yet.</summary>
    None,

    /// <summary>INFO: what a server says of itself.</summary>
    Info,

    /// <summary>CONNECT: what who dialled says of itself.</summary>
    Connect,

    /// <summary>PING.</summary>
    Ping,

    /// <summary>PONG.</summary>
    Pong,

    /// <summary>+OK, which means nothing here.</summary>
    Ok,

    /// <summary>-ERR.</summary>
    Err,

    /// <summary>LS+: interest came.</summary>
    Subscribe,

    /// <summary>LS-: interest went.</summary>
    Unsubscribe,

    /// <summary>LMSG: a message.</summary>
    Message,

    /// <summary>HMSG: a message with headers.</summary>
    HeaderMessage,
}

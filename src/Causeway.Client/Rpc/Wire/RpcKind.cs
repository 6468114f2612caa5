namespace Causeway.Client.Rpc.Wire;

/// <summary>What a message of RPC is. The names, in lower case, are the first word of its header.</summary>
internal enum RpcKind
{
    /// <summary>A request.</summary>
    Call,

    /// <summary>A request for a stream.</summary>
    Open,

    /// <summary>A reply.</summary>
    Done,

    /// <summary>An error in place of a reply.</summary>
    Fail,

    /// <summary>A server took a call of all and is at work.</summary>
    Claimed,

    /// <summary>A stream is open.</summary>
    Opened,

    /// <summary>The caller gave up.</summary>
    Cancel,

    /// <summary>A value of a stream.</summary>
    Data,

    /// <summary>More may be sent.</summary>
    Credit,

    /// <summary>This side sends no more values.</summary>
    End,

    /// <summary>The server is through with the stream.</summary>
    Close,

    /// <summary>The stream failed on this side.</summary>
    Abort,

    /// <summary>This side lives.</summary>
    Ping,

    /// <summary>A server's load.</summary>
    Load,

    /// <summary>A server leaves.</summary>
    Leave,

    /// <summary>A server took a key over.</summary>
    Taken,
}

/// <summary>What is special about a request.</summary>
[Flags]
internal enum RpcFlags
{
    None = 0,

    /// <summary>For the server with the highest affinity: who gets it passes it on.</summary>
    Best = 1,

    /// <summary>Passed on already: it is not passed on again.</summary>
    Forwarded = 2,

    /// <summary>The one it was passed on to was not there: a server that may takes it itself.</summary>
    Again = 4,
}

namespace Causeway.Core.Protocol;

/// <summary>
/// One command as found in a buffer: offsets into the bytes that were parsed. Reused for every command; only the fields of its
/// verb mean anything.
/// </summary>
public struct Command
{
    /// <summary>The verb.</summary>
    public Verb Verb;

    /// <summary>Bytes of the whole command, payload and line ends included. Set as soon as it is known.</summary>
    public int Length;

    /// <summary>Subject of PUB, HPUB and SUB; the sid of UNSUB; the argument of CONNECT, INFO and -ERR.</summary>
    public int SubjectStart;

    /// <summary>Its length.</summary>
    public int SubjectLength;

    /// <summary>Reply subject of PUB and HPUB, queue group of SUB.</summary>
    public int ReplyStart;

    /// <summary>Its length; 0 if absent.</summary>
    public int ReplyLength;

    /// <summary>The sid of SUB.</summary>
    public int SidStart;

    /// <summary>Its length.</summary>
    public int SidLength;

    /// <summary>Where the reply or, without one, the sizes begin: from here to the end a message is passed on as it came.</summary>
    public int TailStart;

    /// <summary>True if the bytes from <see cref="TailStart"/> on are exactly what a MSG or HMSG line ends with.</summary>
    public bool TailIsCanonical;

    /// <summary>Where headers and payload begin.</summary>
    public int PayloadStart;

    /// <summary>Bytes of headers and payload.</summary>
    public int PayloadLength;

    /// <summary>Bytes of headers.</summary>
    public int HeaderLength;

    /// <summary>The max of UNSUB; 0 if absent.</summary>
    public long Max;
}

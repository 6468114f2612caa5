namespace Causeway.Core.Protocol;

/// <summary>What <see cref="CommandParser.TryRead"/> found.</summary>
public enum ParseStatus
{
    /// <summary>A whole command.</summary>
    Complete,

    /// <summary>The beginning of a command. If its size is known already, <see cref="Command.Length"/> says it.</summary>
    Incomplete,

    /// <summary>No verb of the protocol, or bytes where the line end after a payload should be.</summary>
    UnknownOperation,

    /// <summary>A known verb with arguments that it can't have.</summary>
    BadArguments,

    /// <summary>A line longer than the limit.</summary>
    LineTooLong,

    /// <summary>A message larger than the limit.</summary>
    PayloadTooLarge,

    /// <summary>HPUB from a client that did not say that it does headers.</summary>
    HeadersNotSupported,
}

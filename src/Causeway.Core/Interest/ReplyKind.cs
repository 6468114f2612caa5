namespace Causeway.Core.Interest;

/// <summary>The first byte of what a receiver answers.</summary>
internal enum ReplyKind : byte
{
    /// <summary>Bytes received on this connection, and the version that is complete.</summary>
    Ack = 1,

    /// <summary>The range is the same at both ends now.</summary>
    Same = 2,

    /// <summary>More symbols of the range are needed.</summary>
    More = 3,

    /// <summary>The range must be listed.</summary>
    List = 4,
}

namespace Causeway.Core.Links;

/// <summary>What reading a frame came to.</summary>
public enum FrameStatus
{
    /// <summary>The frame is whole.</summary>
    Complete,

    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>It is no frame.</summary>
    Malformed,
}

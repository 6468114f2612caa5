namespace Causeway.Shaper;

/// <summary>What a direction of a link does with bytes.</summary>
public enum Flow
{
    /// <summary>They are delivered, under the direction's conditions.</summary>
    Pass,

    /// <summary>None is read and none delivered: what is under way waits, and the sender's TCP fills up.</summary>
    Stall,

    /// <summary>They are read and dropped, and so are the ends of connections: the sender learns nothing.</summary>
    Swallow,
}

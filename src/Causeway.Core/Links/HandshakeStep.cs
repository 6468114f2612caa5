namespace Causeway.Core.Links;

/// <summary>What a <see cref="LinkHandshake"/> does or waits for next.</summary>
public enum HandshakeStep
{
    /// <summary>The dialling side writes its introduction.</summary>
    SendHello,

    /// <summary>The accepting side waits for it.</summary>
    AwaitHello,

    /// <summary>The accepting side writes its own with its proof.</summary>
    SendWelcome,

    /// <summary>The dialling side waits for it.</summary>
    AwaitWelcome,

    /// <summary>The dialling side writes its proof.</summary>
    SendProof,

    /// <summary>The accepting side waits for it.</summary>
    AwaitProof,

    /// <summary>Both have proved themselves; the accepting side has to accept or refuse.</summary>
    Judge,

    /// <summary>The side that decided writes what it decided.</summary>
    SendVerdict,

    /// <summary>The dialling side waits for it.</summary>
    AwaitVerdict,

    /// <summary>The link is up.</summary>
    Done,

    /// <summary>It came to nothing.</summary>
    Failed,
}

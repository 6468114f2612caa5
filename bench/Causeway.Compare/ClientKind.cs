namespace Causeway.Compare;

/// <summary>What makes the load.</summary>
internal enum ClientKind
{
    /// <summary><c>causeway bench</c>.</summary>
    Generator,

    /// <summary>nats.js, an official client library.</summary>
    NatsJs,

    /// <summary>None: the server is started and looked at.</summary>
    None,
}

namespace Causeway.Interop.Tests.Servers;

/// <summary>The servers every conformance test runs against.</summary>
public enum ServerKind
{
    /// <summary>Debian's nats-server: it proves that the tests tell the truth.</summary>
    NatsServer,

    /// <summary>The server under test.</summary>
    Causeway,
}

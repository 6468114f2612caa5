namespace Causeway.Bus.Nodes;

/// <summary>The versions that a node tells.</summary>
public static class NodeVersion
{
    /// <summary>The level of nats-server's core protocol that clients may rely on, as a version of nats-server.</summary>
    public static string Protocol => NodeIdentity.ProtocolVersion;
}

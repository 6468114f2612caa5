namespace Causeway.Drill.Engine;

/// <summary>The buses that drills run against, by their names.</summary>
internal static class DrillBuses
{
    /// <summary>Causeway.</summary>
    public const string Causeway = "causeway";

    /// <summary>A super-cluster of nats-server: routes within regions, gateways between them.</summary>
    public const string NatsServer = "nats-server";
}

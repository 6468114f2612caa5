namespace Causeway.Interop.Tests.Servers;

/// <summary>Ports for clients, monitoring and WebSockets that were free a moment ago.</summary>
public sealed record LoopbackPorts(int Client, int Monitoring, int WebSocket)
{
    public static LoopbackPorts Reserve() => new(FreePorts.Take(), FreePorts.Take(), FreePorts.Take());
}

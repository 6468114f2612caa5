using System.Globalization;

namespace Causeway.Compare.Regions;

/// <summary>A node before it runs: its name, its region and its ports, all on the loopback.</summary>
internal sealed record NodePlan(string Name, string Region)
{
    public int ClientPort { get; } = RunningServer.FreePort();

    public int HttpPort { get; } = RunningServer.FreePort();

    /// <summary>Where nodes of the same region connect.</summary>
    public int RoutePort { get; } = RunningServer.FreePort();

    /// <summary>Where other regions connect, for servers that keep these apart.</summary>
    public int GatewayPort { get; } = RunningServer.FreePort();

    /// <summary>Where other regions are told to connect: the near end of a shaped link, or null for the node itself.</summary>
    public int? ShapedPort { get; init; }

    /// <summary>Nodes of the same region to begin with.</summary>
    public IReadOnlyList<NodePlan> Peers { get; set; } = [];

    /// <summary>Other regions to begin with, and the ports at which they are reached.</summary>
    public IReadOnlyList<(string Region, int Port)> Remotes { get; init; } = [];

    public static string At(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}

using System.Net;
using System.Net.Sockets;
using Causeway.Drill.Processes;
using Causeway.Shaper;

namespace Causeway.Drill.Deployments;

/// <summary>
/// The links of a deployment: one for each ordered pair of regions, which all connections from nodes of the one to nodes of the other
/// share, and one without conditions for connections inside regions. Who connects is told by the process that holds the socket's
/// other end. Thread-safe.
/// </summary>
internal sealed class RegionLinks : IAsyncDisposable
{
    private const int LookUps = 4;
    private const int LookUpPauseMilliseconds = 5;

    private readonly Dictionary<(string Near, string Far), ShapedLink> _between = [];
    private readonly ShapedLink _inside = new();
    private long _strangers;

    public RegionLinks(IReadOnlyList<string> regions, Func<string, string, LinkConditions>? conditions)
    {
        foreach (string near in regions)
        {
            foreach (string far in regions.Where(region => region != near))
            {
                _between[(near, far)] = new ShapedLink(conditions?.Invoke(near, far));
            }
        }
    }

    /// <summary>Connections that came from no node of the deployment; they were reset.</summary>
    public long Strangers => Volatile.Read(ref _strangers);

    /// <summary>The link by which <paramref name="near"/> reaches <paramref name="far"/>.</summary>
    /// <exception cref="ArgumentException">There is no such pair of regions.</exception>
    public ShapedLink Between(string near, string far) => _between.TryGetValue((near, far), out ShapedLink? link)
        ? link
        : throw new ArgumentException($"there is no link from '{near}' to '{far}'; regions are {string.Join(", ", _between.Keys.Select(pair => pair.Near).Distinct())}");

    /// <summary>The links between two regions, both ways.</summary>
    public IEnumerable<ShapedLink> Both(string one, string other) => [Between(one, other), Between(other, one)];

    /// <summary>Carries a connection to <paramref name="target"/>, a node of <paramref name="far"/>, over the link that it belongs to.</summary>
    public async Task RouteAsync(Socket accepted, IPEndPoint target, string far, Func<IReadOnlyList<IDeploymentNode>> nodes)
    {
        string? near = null;

        // The kernel's list of connections may miss one while others come and go.
        for (int attempt = 0; near is null && attempt < LookUps; attempt++)
        {
            await Task.Delay(attempt * LookUpPauseMilliseconds).ConfigureAwait(false);
            near = RegionOf(accepted, nodes());
        }

        if (near is null)
        {
            Interlocked.Increment(ref _strangers);
            accepted.Close(timeout: 0);
            return;
        }

        (near == far ? _inside : Between(near, far)).Carry(accepted, target);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ShapedLink link in _between.Values.Append(_inside))
        {
            await link.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The region of the node that connected; null if none did.</summary>
    private static string? RegionOf(Socket accepted, IReadOnlyList<IDeploymentNode> nodes)
    {
        try
        {
            int process = SocketOwner.Find((IPEndPoint)accepted.RemoteEndPoint!, (IPEndPoint)accepted.LocalEndPoint!, nodes.Select(node => node.ProcessId).Where(id => id != 0));
            return process == 0 ? null : nodes.FirstOrDefault(node => node.ProcessId == process)?.Region;
        }
        catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException)
        {
            // Who connected is gone already.
            return null;
        }
    }
}

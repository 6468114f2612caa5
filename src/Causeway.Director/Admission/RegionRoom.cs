using Causeway.Core.Control;

namespace Causeway.Director.Admission;

/// <summary>Reckons how many more clients nodes and regions can take, from what nodes report. Pure.</summary>
public static class RegionRoom
{
    // What grows with clients; the rest is there without them.
    private static readonly string[] ClientUses = ["connections", "receive", "pending", "subscriptions"];

    /// <summary>
    /// Clients that a node that is ready has room for: what <c>--max-connections</c> leaves, and what its headroom holds at the measured
    /// size of a client, the smaller of the two, less <see cref="AdmissionLimits.ReserveShare"/>.
    /// </summary>
    public static int Of(NodeReport node)
    {
        if (!node.IsReady || node.State != NodeState.Serving)
        {
            return 0;
        }

        double headroom = Math.Clamp(node.Memory.Headroom, 0, 1);
        double byHeadroom = headroom * node.MaxClients;
        double byMemory = headroom * node.Memory.LimitBytes / BytesPerClient(node);
        double room = Math.Min(Math.Min(byHeadroom, byMemory), node.MaxClients - node.Clients);
        return (int)Math.Clamp(room * (1 - AdmissionLimits.ReserveShare), 0, int.MaxValue / 1024);
    }

    /// <summary>Memory of a client by measurement, in bytes; at least <see cref="AdmissionLimits.MinBytesPerClient"/>.</summary>
    public static long BytesPerClient(NodeReport node)
    {
        // Event loops hold buffers whoever comes; among few clients they would pass for the clients' own.
        long there = Math.Min(AdmissionLimits.MaxLoopBytes, node.Memory.LimitBytes / AdmissionLimits.LoopShare);
        long held = Math.Max(0, ClientUses.Sum(use => Math.Max(0, node.Memory.Uses.GetValueOrDefault(use))) - there);
        return Math.Max(AdmissionLimits.MinBytesPerClient, node.Clients == 0 ? 0 : held / node.Clients);
    }

    /// <summary>Clients a second that a region with <paramref name="room"/> takes, where <paramref name="configured"/> does not say.</summary>
    public static double Rate(int room, double? configured) =>
        configured ?? Math.Max(AdmissionLimits.MinRatePerSecond, room / AdmissionLimits.FillTime.TotalSeconds);
}

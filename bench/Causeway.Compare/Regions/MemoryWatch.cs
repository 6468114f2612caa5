using System.Diagnostics;

namespace Causeway.Compare.Regions;

/// <summary>Looks at both nodes' memory now and then, and keeps the peaks.</summary>
internal sealed class MemoryWatch(Deployment nodes)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    public double East { get; private set; }

    public double West { get; private set; }

    /// <summary>The most bytes that links' accounts held on one node, where a node tells.</summary>
    public double? AccountBytes { get; private set; }

    /// <summary>How often links began anew, where nodes tell.</summary>
    public double? Resyncs { get; private set; }

    public void For(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            TimeSpan left = time - Stopwatch.GetElapsedTime(start);
            Thread.Sleep(left < Every ? (left > TimeSpan.Zero ? left : TimeSpan.Zero) : Every);
            Look();
        }
    }

    public void Look()
    {
        nodes.Check();
        East = Math.Max(East, nodes["east-1"].ResidentBytes());
        West = Math.Max(West, nodes["west-1"].ResidentBytes());
        foreach (RunningNode node in nodes.Nodes)
        {
            if (node.LinkNumber("held_bytes") is { } bytes)
            {
                AccountBytes = Math.Max(AccountBytes ?? 0, bytes);
            }

            if (node.LinkNumber("resyncs") is { } resyncs)
            {
                Resyncs = Math.Max(Resyncs ?? 0, resyncs);
            }
        }
    }
}

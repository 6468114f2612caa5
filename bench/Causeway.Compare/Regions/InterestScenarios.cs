using System.Diagnostics;
using System.Text;
using Causeway.Shaper;

namespace Causeway.Compare.Regions;

/// <summary>How the interest of one region becomes known in the other: over a slow link, after a cut, and what it takes to keep.</summary>
internal static class InterestScenarios
{
    public const int Samples = 200;

    private const long FirstSyncLiterals = 100_000;
    private const long ManyLiterals = 1_000_000;
    private const int HashBits = 40;
    private const double ChangedShare = 0.01;

    /// <summary>The link: 62.5 kB/s and 100 ms one way.</summary>
    public static LinkConditions SlowLink { get; } = new() { BytesPerSecond = 62_500, Latency = TimeSpan.FromMilliseconds(100) };

    public static async Task<RegionFigures> FirstSync(Peer peer, RegionSettings settings)
    {
        long count = settings.Scaled(FirstSyncLiterals);
        await using Deployment nodes = Deployment.Wan(peer, SlowLink, connected: false);
        using Convergence convergence = new(nodes["east-1"]);
        using BusClient subscriber = Subscriber(nodes, convergence);
        Literals.Subscribe(subscriber, 0, count);
        nodes.Link.Resume();
        AwaitConnection(nodes, settings);
        ConvergenceTimes times = convergence.Wait(Literals.Sample(0, count, Samples), count, settings.Limit, nodes.Check);
        long bytes = nodes.Link.Bytes;
        long told = nodes.Link.BytesOfWest;
        RegionFigures figures = new();
        figures.Add("s until all messages arrive", times.Arrived);
        figures.Add("s until converged", times.All);
        figures.Add("wire bytes until then", bytes);
        figures.Add("wire bytes from the west per literal", told / (double)count);
        figures.Add("connections made", nodes.Link.Accepted);
        figures.Add("RSS MB east", nodes["east-1"].ResidentBytes() / 1e6);
        figures.Add("RSS MB west", nodes["west-1"].ResidentBytes() / 1e6);
        return figures;
    }

    public static async Task<RegionFigures> Reconnect(Peer peer, RegionSettings settings)
    {
        long count = settings.Scaled(ManyLiterals);
        long changed = Math.Max(1, (long)(count * ChangedShare / 2));
        await using Deployment nodes = Deployment.Wan(peer);
        using Convergence convergence = new(nodes["east-1"]);
        using BusClient subscriber = Subscriber(nodes, convergence);
        RegionFigures figures = new();
        Literals.Subscribe(subscriber, 0, count);
        Require(convergence.Wait(Literals.Sample(0, count, Samples), count, settings.Limit, nodes.Check));
        figures.Add("wire bytes from the west per literal at first", nodes.Link.BytesOfWest / (double)count);

        nodes.Link.Refuse();
        nodes.Link.Cut();
        Literals.Unsubscribe(subscriber, 0, changed);
        Literals.Subscribe(subscriber, count, changed);
        long before = nodes.Link.Bytes;
        long accepted = nodes.Link.Accepted;
        nodes.Link.Resume();
        AwaitConnection(nodes, settings, accepted);
        ConvergenceTimes times = convergence.Wait(Literals.Sample(count, changed, Samples), count, settings.Limit, nodes.Check);
        long bytes = nodes.Link.Bytes - before;
        double least = LeastBytes(2 * changed);
        figures.Add("changed literals", 2 * changed);
        figures.Add("s until converged again", times.All);
        figures.Add("wire bytes until then", bytes);
        figures.Add("wire bytes per changed literal", bytes / (2.0 * changed));
        figures.Add("times the least that tells the changes", bytes / least);
        figures.Add("share of the literals' text", bytes / (double)(count * Literals.Length));
        return figures;
    }

    public static async Task<RegionFigures> RemoteMemory(Peer peer, RegionSettings settings)
    {
        long count = settings.Scaled(ManyLiterals);
        await using Deployment nodes = Deployment.Wan(peer);
        using Convergence convergence = new(nodes["east-1"]);
        using BusClient subscriber = Subscriber(nodes, convergence);

        // What a process grows by once, code that runs for the first time above all, is no cost of a literal.
        long first = Math.Max(1, count / 10);
        Literals.Subscribe(subscriber, 0, first);
        Require(convergence.Wait(Literals.Sample(0, first, Samples), first, settings.Limit, nodes.Check));
        Thread.Sleep(TimeSpan.FromSeconds(3));
        long east = nodes["east-1"].ResidentBytes();
        long west = nodes["west-1"].ResidentBytes();
        double? booked = nodes["east-1"].BookedBytes("interest");
        Literals.Subscribe(subscriber, first, count);
        ConvergenceTimes times = Require(convergence.Wait(Literals.Sample(first, count, Samples), first + count, settings.Limit, nodes.Check));
        Thread.Sleep(TimeSpan.FromSeconds(3));
        RegionFigures figures = new();
        figures.Add("/memz bytes per remote literal", (nodes["east-1"].BookedBytes("interest") - booked) / count);
        figures.Add("RSS bytes per remote literal", (nodes["east-1"].ResidentBytes() - east) / (double)count);
        figures.Add("RSS bytes per local literal, link included", (nodes["west-1"].ResidentBytes() - west) / (double)count);
        figures.Add("s until converged, once subscribed", times.All);
        return figures;
    }

    /// <summary>The client in the west whose messages tell of convergence.</summary>
    public static BusClient Subscriber(Deployment nodes, Convergence convergence) =>
        BusClient.Connect(nodes["west-1"].Plan.ClientPort, (subject, _) => convergence.OnMessage(Encoding.ASCII.GetString(subject)));

    /// <summary>Waits for a connection through the link, from which time is counted: how often a server dials is another matter.</summary>
    public static void AwaitConnection(Deployment nodes, RegionSettings settings, long accepted = 0)
    {
        long start = Stopwatch.GetTimestamp();
        while (nodes.Link.Accepted == accepted)
        {
            if (Stopwatch.GetElapsedTime(start) > settings.Limit)
            {
                throw new CompareException("no node has connected to the other region");
            }

            Thread.Sleep(1);
        }
    }

    private static ConvergenceTimes Require(ConvergenceTimes times) =>
        times.All is null ? throw new CompareException("the regions did not agree even unshaped") : times;

    /// <summary>log2 of the number of sets of so many hashes, in bytes: what any way of telling them takes at least.</summary>
    private static double LeastBytes(long changes)
    {
        double bits = 0;
        double all = Math.Pow(2, HashBits);
        for (long i = 0; i < changes; i++)
        {
            bits += Math.Log2((all - i) / (i + 1));
        }

        return bits / 8;
    }
}

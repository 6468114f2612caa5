using System.Diagnostics;
using System.Globalization;

namespace Causeway.Compare.Regions;

/// <summary>
/// A node of two in the east is killed under load: when its clients are served again, what others lose, and when messages reach the
/// west again. Each of the two is killed in turn, since one may own the link. The load is 100,000 messages a second for each of a
/// subscriber on the killed node, one on the other, and one in the west, all published on the node that stays.
/// </summary>
internal static class KillScenario
{
    private const string Local = "kill.local";
    private const string Moved = "kill.moved";
    private const string Far = "kill.far";
    private const int PerSecond = 100_000;

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Recent = TimeSpan.FromMilliseconds(50);

    /// <summary>Who has got nothing for so long after the last was sent will get nothing more.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    /// <summary>By then messages no longer come from before the kill.</summary>
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<RegionFigures> Run(Peer peer, RegionSettings settings)
    {
        RegionFigures figures = new();
        foreach (string victim in new[] { "east-1", "east-2" })
        {
            await RunOnce(peer, settings, victim, figures);
        }

        return figures;
    }

    private static async Task RunOnce(Peer peer, RegionSettings settings, string victim, RegionFigures figures)
    {
        await using Deployment nodes = Deployment.Wan(peer, east: 2);
        RunningNode killed = nodes[victim];
        RunningNode survivor = nodes.Nodes.Single(node => node.Plan.Region == Deployment.East && node != killed);
        Arrivals local = new();
        Arrivals far = new();
        Arrivals moved = new();
        using BusClient there = Subscribed(survivor.Plan.ClientPort, Local, local);
        using BusClient west = Subscribed(nodes["west-1"].Plan.ClientPort, Far, far);
        BusClient client = Subscribed(killed.Plan.ClientPort, Moved, moved);
        using Ticker ticker = new(BusClient.Connect(survivor.Plan.ClientPort), [Local, Moved, Far], PerSecond);
        long start = Stopwatch.GetTimestamp();
        ticker.Start();
        Await(() => local.Count > 0 && far.Count > 0 && moved.Count > 0 && client.Urls.Count > 1, "messages don't reach all clients before the kill");
        Thread.Sleep(Before);

        long kill = Stopwatch.GetTimestamp();
        killed.Kill();
        client.Closed.Wait(Limit);
        IReadOnlyList<string> urls = client.Urls;
        client.Dispose();
        Arrivals again = new();
        using BusClient next = Reconnect(urls, again);
        double connected = Stopwatch.GetElapsedTime(kill).TotalSeconds;
        Await(() => again.Count > 0, "the client that moved gets nothing");
        bool back = TryAwait(() => far.FirstAfter(Stopwatch.GetTimestamp() - Ticks(Recent)) is not null && Stopwatch.GetElapsedTime(kill) > Noticed);
        Thread.Sleep(settings.Duration);
        ticker.Stop();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        AwaitTheLast(ticker.Sent, local, far, again);
        figures.Add($"{victim} killed: messages/s to each of three", ticker.Sent / seconds);
        figures.Add($"{victim} killed: s until its client is connected", connected);
        figures.Add($"{victim} killed: s until its client gets messages", again.SecondsTo(kill));
        figures.Add($"{victim} killed: messages lost on the other node", local.Lost(ticker.Sent));
        figures.Add($"{victim} killed: longest gap in the west, s", back ? far.LongestGap(kill) : null);
        figures.Add($"{victim} killed: messages lost in the west", far.Lost(ticker.Sent));
        figures.Add($"{victim} killed: messages lost to its client once back", again.Lost(ticker.Sent));
        figures.Add($"{victim} killed: messages twice or out of order", local.Disordered + far.Disordered + moved.Disordered + again.Disordered);
    }

    private static void AwaitTheLast(long sent, params Arrivals[] all)
    {
        long counted = -1;
        for (long at = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(at) < Silence && all.Any(arrivals => arrivals.Next < sent); Thread.Sleep(Recent))
        {
            long count = all.Sum(arrivals => arrivals.Count);
            (at, counted) = count == counted ? (at, counted) : (Stopwatch.GetTimestamp(), count);
        }
    }

    private static BusClient Subscribed(int port, string subject, Arrivals arrivals)
    {
        BusClient client = BusClient.Connect(port, (_, payload) => arrivals.Add(payload));
        client.Send($"SUB {subject} 1\r\n");
        client.Flush();
        return client;
    }

    /// <summary>As client libraries do: whichever URL takes the connection.</summary>
    private static BusClient Reconnect(IReadOnlyList<string> urls, Arrivals arrivals)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Limit)
        {
            foreach (string url in urls)
            {
                try
                {
                    return Subscribed(int.Parse(url[(url.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture), Moved, arrivals);
                }
                catch (System.Net.Sockets.SocketException)
                {
                    // This is the one that was killed.
                }
            }
        }

        throw new CompareException("the killed node's client finds no other");
    }

    private static void Await(Func<bool> condition, string otherwise)
    {
        if (!TryAwait(condition))
        {
            throw new CompareException(otherwise);
        }
    }

    private static bool TryAwait(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
            {
                return false;
            }

            Thread.Sleep(1);
        }

        return true;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}

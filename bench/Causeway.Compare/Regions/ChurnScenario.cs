using Causeway.Shaper;

namespace Causeway.Compare.Regions;

/// <summary>
/// The outage that Causeway is made against: literals come and go all the while over a slow link that stalls, then is cut again and
/// again. Memory is compared with the same churn on a link that only passes bytes on.
/// </summary>
internal static class ChurnScenario
{
    private const long Base = 100_000;
    private const long PairsPerSecond = 5_000;
    private const int Cuts = 20;

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CutEvery = TimeSpan.FromSeconds(1);

    public static async Task<RegionFigures> Run(Peer peer, RegionSettings settings)
    {
        RegionFigures figures = new();
        (double east, double west, _) = await RunOnce(peer, settings, shaped: false);
        figures.Add("unshaped: RSS MB peak east", east / 1e6);
        figures.Add("unshaped: RSS MB peak west", west / 1e6);
        (double shapedEast, double shapedWest, RegionFigures after) = await RunOnce(peer, settings, shaped: true);
        figures.Add("RSS MB peak east", shapedEast / 1e6);
        figures.Add("RSS MB peak west", shapedWest / 1e6);
        figures.Add("RSS peak west, times the unshaped", shapedWest / west);
        foreach ((string name, double? value) in after.All)
        {
            figures.Add(name, value);
        }

        return figures;
    }

    private static async Task<(double East, double West, RegionFigures Figures)> RunOnce(Peer peer, RegionSettings settings, bool shaped)
    {
        long count = settings.Scaled(Base);
        await using Deployment nodes = Deployment.Wan(peer, shaped ? InterestScenarios.SlowLink : null, connected: false);
        using Convergence convergence = new(nodes["east-1"]);
        using BusClient subscriber = InterestScenarios.Subscriber(nodes, convergence);
        Literals.Subscribe(subscriber, 0, count);
        using Churn churn = new(subscriber, count, settings.Scaled(PairsPerSecond));
        MemoryWatch watch = new(nodes);
        nodes.Link.Resume();
        churn.Start();
        watch.For(Before);
        Stalled(nodes, shaped, stall: true);
        watch.For(settings.Stall);
        Stalled(nodes, shaped, stall: false);
        for (int i = 0; i < Cuts; i++)
        {
            if (shaped)
            {
                nodes.Link.Cut();
            }

            watch.For(CutEvery);
        }

        churn.Stop();
        long bytes = nodes.Link.Bytes;
        nodes.Link.Set(new LinkConditions());
        ConvergenceTimes times = convergence.Wait(churn.Sample(InterestScenarios.Samples), count + churn.Live, settings.Limit, watch.Look);
        RegionFigures figures = new();
        figures.Add("s from the end of shaping until converged", times.All);
        figures.Add("wire MB while shaped", bytes / 1e6);
        figures.Add("churned pairs", churn.Made);
        figures.Add("/linkz held_bytes, peak of both", watch.AccountBytes);
        figures.Add("/linkz resyncs, tables told from the start", watch.Resyncs);
        return (watch.East, watch.West, figures);
    }

    private static void Stalled(Deployment nodes, bool shaped, bool stall)
    {
        if (!shaped)
        {
            return;
        }

        if (stall)
        {
            nodes.Link.Stall();
        }
        else
        {
            nodes.Link.Resume();
        }
    }
}

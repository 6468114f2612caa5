using System.Globalization;
using System.Text.Json;

namespace Causeway.Compare.Regions;

/// <summary>Messages from node to node: throughput and CPU of both, and latency.</summary>
internal static class LoadScenarios
{
    private const string Window = "65536";

    private static readonly string[] OneInFlight = ["--inflight", "1"];
    private static readonly string[] AtRate = ["--rate", "1000", "--inflight", "100"];
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    public static async Task<RegionFigures> Lan(Peer peer, RegionSettings settings)
    {
        await using Deployment nodes = Deployment.Lan(peer);
        return Throughput(nodes["east-1"], nodes["east-2"], settings);
    }

    public static async Task<RegionFigures> Wan(Peer peer, RegionSettings settings)
    {
        await using Deployment nodes = Deployment.WanDirect(peer);
        return Throughput(nodes["east-1"], nodes["west-1"], settings);
    }

    /// <summary>
    /// Two ways, since they say different things: one request at a time, each sent when the reply to the last has come, keeps all
    /// processes awake and so shows what a hop itself takes; a fixed rate adds what it takes to wake each that fell asleep in between.
    /// </summary>
    public static async Task<RegionFigures> Latency(Peer peer, RegionSettings settings)
    {
        RegionFigures figures = new();
        foreach ((string way, string[] load) in new[] { ("one in flight", OneInFlight), ("1,000/s", AtRate) })
        {
            (double P50, double P99) none;
            await using (Deployment nodes = Deployment.Single(peer))
            {
                none = RoundTrip(nodes["east-1"], nodes["east-1"], load, settings);
            }

            figures.Add($"{way}: no hop: round trip p50 µs", none.P50);
            figures.Add($"{way}: no hop: round trip p99 µs", none.P99);
            await using (Deployment nodes = Deployment.Lan(peer))
            {
                AddHop(figures, $"{way}: LAN hop", none.P50, RoundTrip(nodes["east-1"], nodes["east-2"], load, settings));
            }

            await using (Deployment nodes = Deployment.WanDirect(peer))
            {
                AddHop(figures, $"{way}: WAN hop", none.P50, RoundTrip(nodes["east-1"], nodes["west-1"], load, settings));
            }
        }

        return figures;
    }

    private static void AddHop(RegionFigures figures, string name, double none, (double P50, double P99) there)
    {
        figures.Add($"{name} adds one way: p50 µs", (there.P50 - none) / 2);
        figures.Add($"{name}: round trip p50 µs", there.P50);
        figures.Add($"{name}: round trip p99 µs", there.P99);
    }

    private static RegionFigures Throughput(RunningNode from, RunningNode to, RegionSettings settings)
    {
        RegionFigures figures = new();
        foreach (string size in new[] { "16", "128" })
        {
            foreach (string pairs in new[] { "1", "4" })
            {
                string[] load = ["pubsub", "--size", size, "--publishers", pairs, "--subscribers", pairs, "--subjects", pairs, "--window", Window];
                JsonElement result = Bench(load, from, to, settings);
                figures.Add($"{pairs}:{pairs}, {size} B: messages/s", result.GetProperty("delivered_per_second").GetDouble());
                figures.Add($"{pairs}:{pairs}, {size} B: CPU µs/message, both nodes", result.GetProperty("process").GetProperty("cpu_us_per_delivered").GetDouble());
            }
        }

        return figures;
    }

    private static (double P50, double P99) RoundTrip(RunningNode from, RunningNode to, string[] load, RegionSettings settings)
    {
        JsonElement latency = Bench(["request", "--size", "128", .. load], from, to, settings).GetProperty("latency");
        return (latency.GetProperty("p50_us").GetDouble(), latency.GetProperty("p99_us").GetDouble());
    }

    private static JsonElement Bench(string[] load, RunningNode from, RunningNode to, RegionSettings settings)
    {
        string seconds = string.Create(CultureInfo.InvariantCulture, $"{settings.Duration.TotalSeconds}s");
        List<string> command = ["dotnet", settings.CausewayDll, "bench", .. load, "--server", from.Address, "--pid", Text(from.Pid), "--duration", seconds, "--warmup", seconds, "--json"];
        if (from != to)
        {
            command.AddRange(["--subscribe-server", to.Address, "--second-pid", Text(to.Pid)]);
        }

        using ChildProcess client = ChildProcess.Start(command);
        if (!client.WaitForExit(Timeout) || client.ExitCode != 0)
        {
            throw new CompareException($"the load did not end well: {client.Errors}");
        }

        using JsonDocument document = JsonDocument.Parse(client.Output);
        return document.RootElement.Clone();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace Causeway.Compare;

/// <summary>The scenarios, in the order of the report.</summary>
internal static class Scenarios
{
    private const int Connections = 10_000;
    private const int Subscriptions = 200_000;
    private const int BytesPerSubscription = 300;
    private const int BytesPerConnection = 10 * 1024;
    private const int CpuUsPerSubscription = 5;

    /// <summary>All scenarios: <paramref name="duration"/> is each load's measured time, a quick run holds a fraction of the subscriptions and connections.</summary>
    public static IReadOnlyList<Scenario> All(TimeSpan duration, bool quick)
    {
        string seconds = duration.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        int share = quick ? 20 : 1;
        string settle = quick ? "1s" : "3s";
        return
        [
            Load("pub-16", "publish only, 16 B", ["pub", "--size", "16"], [Target.RatioAtLeast(Metric.Rate, 1.0), Target.RatioAtMost(Metric.CpuUs, 0.6)]),
            Load("1-1-16", "1:1, 16 B", ["pubsub", "--size", "16"], [Target.RatioAtLeast(Metric.Rate, 1.2), Target.RatioAtMost(Metric.CpuUs, 0.6)]),
            Load("1-1-4k", "1:1, 4 KiB", ["pubsub", "--size", "4096"], [Target.RatioAtLeast(Metric.Rate, 1.2)]),
            Load("4-4-128", "4:4, 128 B", ["pubsub", "--publishers", "4", "--subscribers", "4", "--size", "128"], [Target.RatioAtLeast(Metric.Rate, 1.5)]),
            Load("fanout-128", "fan-out 1:100, 128 B", ["fanout", "--subscribers", "100", "--size", "128"], [Target.RatioAtLeast(Metric.Rate, 1.5)]),
            Js("js-pub-16", "nats.js publish only, 16 B", ScenarioGroup.Throughput, ["pub", "--size", "16"]),
            Js("js-1-1-16", "nats.js 1:1, 16 B", ScenarioGroup.Throughput, ["pubsub", "--size", "16"]),
            Js("js-1-1-128", "nats.js 1:1, 128 B", ScenarioGroup.Throughput, ["pubsub", "--size", "128"]),
            Requests("request-1", "request/reply 128 B, 1 in flight", "1"),
            Requests("request-50", "request/reply 128 B, 50 clients", "50"),
            Js("js-request", "nats.js request/reply 128 B, 1 in flight", ScenarioGroup.Latency, ["request", "--size", "128"]),
            new(
                "subs",
                $"{Subscriptions / share:N0} subscriptions, 60 characters in 4 tokens",
                ScenarioGroup.Holding,
                ClientKind.Generator,
                ["subs", "--count", Text(Subscriptions / share), "--length", "60", "--tokens", "4", "--settle", settle],
                [Target.AmountAtMost(Metric.BytesEach, BytesPerSubscription), Target.AmountAtMost(Metric.CpuUs, CpuUsPerSubscription)]),
            new(
                "connections",
                $"{Connections / share:N0} idle connections",
                ScenarioGroup.Holding,
                ClientKind.Generator,
                ["connections", "--count", Text(Connections / share), "--settle", settle],
                [Target.AmountAtMost(Metric.BytesEach, BytesPerConnection)]),
            new("start", "start to ready, and idle memory", ScenarioGroup.Start, ClientKind.None, [], []),
        ];

        Scenario Load(string name, string title, string[] arguments, Target[] targets) =>
            new(name, title, ScenarioGroup.Throughput, ClientKind.Generator, [.. arguments, "--duration", $"{seconds}s"], targets);

        Scenario Requests(string name, string title, string clients) => new(
            name,
            title,
            ScenarioGroup.Latency,
            ClientKind.Generator,
            ["request", "--clients", clients, "--size", "128", "--duration", $"{seconds}s"],
            [Target.RatioAtMost(Metric.CpuUs, 0.7), Target.RatioAtMost(Metric.P99Us, 0.8)]);

        Scenario Js(string name, string title, ScenarioGroup group, string[] arguments) =>
            new(name, title, group, ClientKind.NatsJs, [.. arguments, "--duration", seconds], []);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

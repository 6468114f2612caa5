using Causeway.Core.Control;
using Causeway.Core.Memory;
using Causeway.Director.Registry;

namespace Causeway.Director.Tests.Pages.Support;

/// <summary>
/// Three regions under the incident of March 2024, as far as <c>progress</c> (0 to 1) says: interest grows in US East, its link to
/// Sydney falls behind, a node is lost, clients move to US West.
/// </summary>
internal static class MarchIncident
{
    private const long Mebi = 1 << 20;
    private const string East = "us-east-1";
    private const string West = "us-west-1";
    private const string Sydney = "ap-southeast-2";

    public static DeploymentView View(DateTimeOffset at, double progress)
    {
        DeploymentView view = Views.Healthy(at, East, West, Sydney);
        double seconds = (at - Views.Start).TotalSeconds;
        view = view with { Nodes = [.. view.Nodes.Select((node, i) => WithLoad(node, i, seconds, progress))] };
        view = view.WithLinks(East, West, link => link with { RoundTripMilliseconds = 63 + Wave(seconds, 40, 3), BytesPerSecond = 1_900_000 })
            .WithLinks(West, East, link => link with { RoundTripMilliseconds = 64 + Wave(seconds, 40, 3), BytesPerSecond = 2_100_000 })
            .WithLinks(East, Sydney, link => link with
            {
                RoundTripMilliseconds = 198 + (900 * progress),
                State = progress > 0.55 ? "quiet" : "up",
                BytesPerSecond = 240_000 - (190_000 * progress),
                LagEntries = (long)(48_000 * Math.Max(0, progress - 0.3)),
                LagSeconds = 140 * Math.Max(0, progress - 0.3),
                PendingBytes = (long)(6 * Mebi * progress),
                DroppedMessages = progress > 0.6 ? 1_204 : 0,
            })
            .WithLinks(Sydney, East, link => link with { RoundTripMilliseconds = 205 + (860 * progress), BytesPerSecond = 180_000 })
            .WithLinks(West, Sydney, link => link with { RoundTripMilliseconds = 141 + Wave(seconds, 55, 4) })
            .WithLinks(Sydney, West, link => link with { RoundTripMilliseconds = 142 + Wave(seconds, 55, 4) });
        view = view.WithRegion(East, region => region with { Clients = (int)(4_100 - (2_300 * progress)), Room = (int)(1_800 * (1 - progress)), Headroom = 0.55 * (1 - (0.8 * progress)) })
            .WithRegion(West, region => region with { Clients = (int)(2_600 + (2_100 * progress)), Room = (int)(4_000 - (2_100 * progress)), Headroom = 0.62 - (0.2 * progress) })
            .WithRegion(Sydney, region => region with { Clients = 1_350 + (int)Wave(seconds, 90, 60), Room = 2_400, Headroom = 0.7 });
        return progress < 0.4 ? view : Troubled(view, at, progress);
    }

    private static DeploymentView Troubled(DeploymentView view, DateTimeOffset at, double progress)
    {
        AlarmReport growth = new()
        {
            Key = "memory_growth/us-east-1-1",
            Rule = "memory_growth",
            Severity = AlarmSeverity.Critical,
            Subject = "us-east-1-1",
            OpenedAt = at.AddMinutes(-9),
            Summary = "Memory grows by 131 KiB/s and is full in 14 min at this rate.",
            Cause = "account interest, +118 KiB/s, three quarters of it from prefix room.4f2a.presence.>",
            Details = new Dictionary<string, string> { ["account"] = "interest", ["top_prefix"] = "room.4f2a.presence.>", ["top_client"] = "signal-7 (cid 8123)" },
        };
        AlarmReport lag = new()
        {
            Key = "link_lag/us-east-1>ap-southeast-2",
            Rule = "link_lag",
            Severity = AlarmSeverity.Warning,
            Subject = "us-east-1 > ap-southeast-2",
            OpenedAt = at.AddMinutes(-4),
            Summary = "The other side has not known 21,600 changes of interest for 63 s.",
            Cause = "round trip 738 ms, 3.7 times its baseline of 198 ms, throughput 98 KiB/s",
            Details = new Dictionary<string, string> { ["link"] = "us-east-1-1 > ap-southeast-2-1", ["baseline"] = "198 ms" },
        };
        view = view with { Alarms = [growth, lag] };
        view = view.WithRegion(East, region => region with { Health = RegionHealth.Degraded, Reasons = ["memory is full in 14 min", "the link to ap-southeast-2 is behind"] });
        return progress < 0.7 ? view : view
            .WithNodes(node => node.Report.Node == "us-east-1-2", node => node with { IsLost = true, ReportedAt = at.AddSeconds(-48) })
            .WithRegion(East, region => region with { ReadyNodes = 1, Reasons = ["1 of 2 nodes is lost", .. region.Reasons] });
    }

    private static NodeView WithLoad(NodeView node, int i, double seconds, double progress)
    {
        bool isEast = node.Report.Region == East;
        double share = (isEast ? 0.34 + (0.5 * progress) : 0.3 + (node.Report.Region == West ? 0.16 * progress : 0)) + (i * 0.012) + (Wave(seconds, 31 + (7 * i), 1) * 0.012);
        long used = (long)(256 * Mebi * share);
        long interest = (long)(used * (isEast ? 0.25 + (0.4 * progress) : 0.22));
        long rest = used - interest;
        MemoryReport memory = Views.Memory(used, 256 * Mebi) with
        {
            GrowthBytesPerSecond = isEast ? 131 * 1024 * progress : 400,
            SecondsToExhaustion = isEast && progress > 0.2 ? (256 * Mebi - used) / (131 * 1024 * progress) : null,
            Step = share > 0.8 ? GovernorStep.CloseSlowest : share > 0.7 ? GovernorStep.Warn : GovernorStep.Calm,
            Uses = new Dictionary<string, long>
            {
                ["interest"] = interest,
                ["connections"] = rest * 18 / 100,
                ["receive"] = rest * 8 / 100,
                ["pending"] = (long)(rest * (0.14 + (Wave(seconds, 23, 1) * 0.04))),
                ["subscriptions"] = rest * 30 / 100,
                ["routes"] = rest * 12 / 100,
                ["pool"] = rest * 6 / 100,
                ["links"] = rest * 7 / 100,
            },
        };
        return node with
        {
            Report = node.Report with
            {
                Memory = memory,
                Clients = 600 + (310 * i),
                Subscriptions = 15_400 + (2_310 * i) + (long)(isEast ? 31_000 * progress : 0),
                ExportedToRemotes = 28_000 + (long)(isEast ? 52_000 * progress : 0),
                LoopDelayMilliseconds = 0.4 + Math.Abs(Wave(seconds, 17, 0.3)) + (isEast ? 6 * progress : 0),
                BusRoundTripMilliseconds = 0.9 + (isEast ? 4 * progress : 0),
                Reasons = isEast && progress > 0.5 ? ["memory grows, full in 14 min"] : [],
            },
        };
    }

    private static double Wave(double seconds, double period, double height) => Math.Sin(seconds * 2 * Math.PI / period) * height;
}

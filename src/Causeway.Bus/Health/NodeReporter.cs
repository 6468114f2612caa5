using System.Text.Json;
using Causeway.Bus.Monitoring;
using Causeway.Bus.Monitoring.Regions;
using Causeway.Bus.Nodes;
using Causeway.Core.Control;
using Causeway.Core.Health;
using Causeway.Core.Interest;
using Causeway.Core.Memory;
using Causeway.Core.Regions;

namespace Causeway.Bus.Health;

/// <summary>Puts together what a node says of itself. One thread at a time.</summary>
/// <param name="node">The node.</param>
/// <param name="alarms">Tells the alarms that are open, the worst first.</param>
internal sealed class NodeReporter(BusNode node, Func<IReadOnlyList<AlarmReport>> alarms)
{
    private readonly MeshView _view = new(node);
    private long _sequence;

    /// <summary>The next report, as JSON.</summary>
    public async Task<byte[]> NextAsync(HealthVerdict verdict, HealthEvidence evidence) =>
        JsonSerializer.SerializeToUtf8Bytes(await CreateAsync(verdict, evidence).ConfigureAwait(false), ControlJson.Default.NodeReport);

    /// <summary>The next report.</summary>
    public async Task<NodeReport> CreateAsync(HealthVerdict verdict, HealthEvidence evidence)
    {
        MeshSnapshot? mesh = await LookAtMeshAsync().ConfigureAwait(false);
        NodeInterest? own = node.Mesh?.Context.Own;
        Traffic traffic = node.Connections.Traffic();
        return new NodeReport
        {
            Region = node.Options.Links?.Region ?? "",
            Node = node.Info.ServerName,
            Id = node.Info.ServerId,
            Version = NodeIdentity.SoftwareVersion,
            Sequence = ++_sequence,
            StartedAt = node.StartedAt,
            ClientAddress = $"{node.Info.Host}:{node.Info.Port}",
            MonitoringUrl = node.MonitoringUrl,
            State = node.IsLeaving ? NodeState.Draining : NodeState.Serving,
            IsReady = verdict.IsReady && !node.IsLeaving,
            Reasons = [.. verdict.Reasons.Select(reason => reason.Text).Take(ReportLimits.MaxReasons)],
            Memory = CreateMemory(),
            Clients = node.Reception.Admitted,
            MaxClients = node.Options.Limits.MaxConnections,
            Subscriptions = node.ClientSubscriptions,
            InMessages = traffic.InMessages,
            OutMessages = traffic.OutMessages,
            InBytes = traffic.InBytes,
            OutBytes = traffic.OutBytes,
            SlowConsumers = node.Connections.SlowConsumers,
            LoopDelayMilliseconds = Math.Round(evidence.LoopDelayMilliseconds, 3),
            BusRoundTripMilliseconds = Math.Round(evidence.BusRoundTripMilliseconds ?? -1, 3),
            ExportedToRegion = own is null ? 0 : Entries(own.Public) + Entries(own.Inboxes),
            ExportedToRemotes = own is null ? 0 : Entries(own.Region),
            RemoteEntries = mesh?.Sources.Sum(source => source.Entries) ?? 0,
            Links = mesh is null ? [] : CreateLinks(mesh),
            Alarms = [.. alarms().Take(ReportLimits.MaxAlarms)],
        };
    }

    /// <summary>Room for new clients.</summary>
    public static double HeadroomOf(BusNode node) =>
        Headroom.Of(node.Context.Budget, node.Context.Governor, (double)MemoryWatch.ProcessBytes / node.Memory.ProcessLimitBytes);

    private static long Entries(InterestTable table) => table.Literals + table.Texts;

    private async Task<MeshSnapshot?> LookAtMeshAsync()
    {
        try
        {
            return await _view.TakeAsync().ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The loop's delay says so in the same report.
            return null;
        }
    }

    private MemoryReport CreateMemory()
    {
        MemoryBudget budget = node.Context.Budget;
        return new MemoryReport
        {
            LimitBytes = budget.LimitBytes,
            UsedBytes = budget.Total,
            ResidentBytes = MemoryWatch.ProcessBytes,
            ProcessLimitBytes = node.Memory.ProcessLimitBytes,
            Uses = Enum.GetValues<MemoryUse>().ToDictionary(use => JsonFormat.Name(use), budget.TotalOf),
            Step = node.Context.Governor.Step,
            GrowthBytesPerSecond = Math.Round(node.Memory.Total.BytesPerSecond),
            SecondsToExhaustion = node.Memory.Total.SecondsUntil(budget.LimitBytes) is { } seconds ? Math.Round(seconds, 1) : null,
            Headroom = Math.Round(HeadroomOf(node), 4),
        };
    }

    private static LinkReport[] CreateLinks(MeshSnapshot mesh) =>
        [.. mesh.Links.Select(Create).Concat(mesh.Wanted.Select(Create)).OrderByDescending(link => link.Kind == "wan").Take(ReportLimits.MaxLinks)];

    /// <summary>What is told of one link.</summary>
    internal static LinkReport Create(LinkRow link) => new()
    {
        Peer = link.Peer.Name,
        Region = link.Peer.Region,
        Kind = link.Kind,
        Direction = link.Direction,
        State = link.State,
        RoundTripMilliseconds = Math.Round(link.RoundTripMilliseconds, 3),
        BytesPerSecond = Math.Round(link.Meter.BytesPerSecond),
        LagEntries = link.Exports.Sum(export => (long)export.LagEntries),
        LagSeconds = link.Exports.Count == 0 ? 0 : link.Exports.Max(export => export.LagMilliseconds) / 1000.0,
        PendingBytes = link.Link.Data?.PendingBytes ?? 0,
        DroppedMessages = link.Link.Data is { } data ? Enum.GetValues<Core.Links.MessageClass>().Sum(data.Dropped) : 0,
        HeldBytes = link.HeldBytes,
    };

    private static LinkReport Create(WantedLink link) => new()
    {
        Peer = link.Node ?? link.Address,
        Region = link.Region,
        Kind = link.IsWan ? "wan" : "lan",
        Direction = "out",
        State = "wanted",
    };
}

using Causeway.Bus.Monitoring.Regions;
using Causeway.Bus.Nodes;
using Causeway.Core.Alarms.Nodes;
using Causeway.Core.Clients;
using Causeway.Core.Control;
using Causeway.Core.Links;
using Causeway.Core.Memory;

namespace Causeway.Bus.Alarms;

/// <summary>Takes what the rules of alarms look at from a node. Belongs to one thread at a time; waits for no event loop longer than a second.</summary>
internal sealed class NodeReader
{
    private readonly BusNode _node;
    private readonly MeshView _mesh;
    private readonly HolderSampler _holders;
    private readonly LoopProbe[] _probes;
    private MeshSnapshot? _last;

    public NodeReader(BusNode node, TimeProvider time)
    {
        _node = node;
        _mesh = new MeshView(node);
        _holders = new HolderSampler(node);
        _probes = [.. node.AllLoops.Select(loop => new LoopProbe(loop, time))];
    }

    public async Task<NodeReading> ReadAsync()
    {
        try
        {
            _last = await _mesh.TakeAsync().ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The probe of that loop tells of it; of the links there is nothing new.
        }

        MemoryReading memory = Memory();
        LinkReport[] links = [.. (_last?.Links ?? []).Select(Report)];
        SourceReading[] sources = [.. (_last?.Sources ?? []).Select(Reading), .. Lost(_last)];
        return new NodeReading
        {
            Node = _node.Info.ServerName,
            Region = _last?.Self.Region ?? "",
            Memory = memory,
            Links = links,
            Missing = [.. (_last?.Wanted ?? []).Select(wanted => new MissingLink(wanted.IsWan, wanted.Region, wanted.Node ?? wanted.Address, wanted.LastFailure ?? ""))],
            Sources = sources,
            SlowConsumers = _node.Connections.SlowConsumers,
            LastSlowConsumers = LastSlowConsumers,
            LoopDelay = _probes.Max(probe => probe.Measure()),
            InternalErrors = _node.InternalErrors,
            LeakedBytes = _node.Context.Budget.LeakedBytes,
            Holders = () => _holders.Take(Uses(), links, sources),
        };
    }

    private static LinkReport Report(LinkRow link) => new()
    {
        Peer = link.Peer.Name,
        Region = link.Peer.Region,
        Kind = link.Kind,
        Direction = link.Direction,
        State = link.State,
        RoundTripMilliseconds = link.RoundTripMilliseconds,
        BytesPerSecond = link.Meter.BytesPerSecond,
        LagEntries = link.Exports.Sum(export => (long)export.LagEntries),
        LagSeconds = link.Exports.Select(export => export.LagMilliseconds).DefaultIfEmpty().Max() / 1000.0,
        PendingBytes = link.Link.Data?.PendingBytes ?? 0,
        DroppedMessages = link.Link.Data is { } data ? Enum.GetValues<MessageClass>().Sum(data.Dropped) : 0,
        HeldBytes = link.HeldBytes,
    };

    private static SourceReading Reading(SourceRow source) =>
        new(source.Name, source.Source.IsRegion, source.Reachable, source.Known, source.Entries, source.Bytes);

    /// <summary>Regions that are known of and that nobody carries messages to.</summary>
    private static IEnumerable<SourceReading> Lost(MeshSnapshot? mesh) =>
        (mesh?.Regions ?? []).Where(region => region.Carriers.Count == 0).Select(region => new SourceReading(region.Name, true, false, false, 0, 0));

    private MemoryReading Memory() => new()
    {
        LimitBytes = _node.Context.Budget.LimitBytes,
        HeldBytes = _node.Context.Budget.Held,
        ProcessBytes = MemoryWatch.ProcessBytes,
        ProcessLimitBytes = _node.Memory.ProcessLimitBytes,
        Step = _node.Context.Governor.Step,
        Uses = Uses(),
    };

    private UseReading[] Uses() =>
        [.. Enum.GetValues<MemoryUse>().Select(use => new UseReading(use, _node.Context.Budget.TotalOf(use), _node.Memory.ByUse[(int)use].BaselineBytes))];

    private IReadOnlyList<string> LastSlowConsumers() =>
    [
        .. _node.Connections.Closed().Reverse().Where(closed => IsSlow(closed.Reason))
            .Select(closed => $"client {closed.Id}{(closed.Name.Length > 0 ? $" '{closed.Name}'" : "")} from {closed.Address} ({closed.Reason})"),
    ];

    private static bool IsSlow(string reason) => Enum.GetValues<CloseReason>().Any(one => one.IsSlowConsumer() && one.Text() == reason);
}

using Causeway.Bus.Health;
using Causeway.Bus.Monitoring.Regions;
using Causeway.Bus.Nodes;
using Causeway.Core.Alarms.Nodes;
using Causeway.Core.Clients;
using Causeway.Core.Control;
using Causeway.Core.Memory;

namespace Causeway.Bus.Alarms;

/// <summary>Takes what the rules of alarms look at from a node. Belongs to one thread at a time; waits for no event loop longer than a second.</summary>
internal sealed class NodeReader : IDisposable
{
    private readonly BusNode _node;
    private readonly MeshView _mesh;
    private readonly HolderSampler _holders;
    private readonly LoopDelays _delays;
    private MeshSnapshot? _last;

    public NodeReader(BusNode node, TimeProvider time)
    {
        _node = node;
        _mesh = new MeshView(node);
        _holders = new HolderSampler(node);
        _delays = new LoopDelays(node, time);
    }

    public async Task<NodeReading> ReadAsync()
    {
        try
        {
            _last = await _mesh.TakeAsync().ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The delay of that loop tells of it; of the links there is nothing new.
        }

        MemoryReading memory = Memory();
        LinkReport[] links = [.. (_last?.Links ?? []).Select(NodeReporter.Create)];
        SourceReading[] sources = [.. (_last?.Sources ?? []).Select(Reading), .. Lost(_last)];
        return new NodeReading
        {
            Node = _node.Info.ServerName,
            Region = _last?.Self.Region ?? "",
            Memory = memory,
            Links = links,
            Missing = [.. (_last?.Missing ?? []).Select(wanted => new MissingLink(wanted.IsWan, wanted.Region, wanted.Node ?? wanted.Address, wanted.LastFailure ?? ""))],
            Sources = sources,
            SlowConsumers = _node.Connections.SlowConsumers,
            LastSlowConsumers = LastSlowConsumers,
            LoopDelay = MeasureLoops(),
            InternalErrors = _node.InternalErrors,
            LeakedBytes = _node.Context.Budget.LeakedBytes,
            Holders = () => _holders.Take(Uses(), links, sources),
        };
    }

    public void Dispose() => _delays.Dispose();

    /// <summary>What the loops took for the task of the last look, or have taken by now; and gives them the next.</summary>
    private TimeSpan MeasureLoops()
    {
        TimeSpan delay = TimeSpan.FromMilliseconds(Math.Max(0, _delays.Take()));
        _delays.Sample();
        return delay;
    }

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

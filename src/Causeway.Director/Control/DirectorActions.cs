using Causeway.Core.Control;
using Causeway.Director.Pages;
using Causeway.Director.Registry;
using Microsoft.Extensions.Logging;

namespace Causeway.Director.Control;

/// <summary>What operators can do, for the pages and for <c>POST /drain</c>. Thread-safe; the caller has been checked.</summary>
/// <param name="registry">The deployment.</param>
/// <param name="commander">The way to the nodes.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where actions are logged.</param>
public sealed partial class DirectorActions(DeploymentRegistry registry, NodeCommander commander, TimeProvider time, ILogger log) : IOperatorActions
{
    /// <summary>Time that the drain of a region has, where nobody says.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromMinutes(10);

    /// <summary>Longest time that the drain of a region may have.</summary>
    public static readonly TimeSpan MaxDeadline = TimeSpan.FromDays(7);

    /// <inheritdoc/>
    public Task<ActionOutcome> DrainRegionAsync(string region, CancellationToken cancel) => DrainRegionAsync(region, DefaultDeadline, stopsNodes: false, cancel);

    /// <summary>Drains a region: it gets no more clients, and those that follow the directors are moved as other regions have room.</summary>
    /// <param name="region">The region.</param>
    /// <param name="deadline">How long that may take.</param>
    /// <param name="stopsNodes">Whether its nodes are to leave once it is empty, at the deadline in any case.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<ActionOutcome> DrainRegionAsync(string region, TimeSpan deadline, bool stopsNodes, CancellationToken cancel)
    {
        if (Unknown(region) is { } problem)
        {
            return new ActionOutcome(problem);
        }

        if (deadline <= TimeSpan.Zero || deadline > MaxDeadline)
        {
            return new ActionOutcome($"the deadline is {deadline.TotalSeconds:0} s; accepted is more than 0 to {MaxDeadline.TotalSeconds:0} s");
        }

        DateTimeOffset now = time.GetUtcNow();
        LogDrain(log, region, now + deadline, stopsNodes ? "; its nodes leave then, or once it is empty" : "");
        return Written(await registry.Drains.SetAsync(region, new DrainMark { Since = now, Deadline = now + deadline, StopsNodes = stopsNodes }, cancel).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<ActionOutcome> UndrainRegionAsync(string region, CancellationToken cancel)
    {
        // A region whose nodes are all forgotten has to be undone as well.
        if (Unknown(region) is { } problem && !registry.Snapshot.Drains.ContainsKey(region))
        {
            return new ActionOutcome(problem);
        }

        if (registry.Snapshot.Drains.ContainsKey(region))
        {
            LogUndrain(log, region);
        }

        return Written(await registry.Drains.SetAsync(region, null, cancel).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public Task<ActionOutcome> DrainNodeAsync(string region, string node, CancellationToken cancel) => SendAsync(region, node, NodeCommandKind.Drain, 0, cancel);

    /// <inheritdoc/>
    public Task<ActionOutcome> SetMemoryLimitAsync(string region, string node, long bytes, CancellationToken cancel) =>
        SendAsync(region, node, NodeCommandKind.SetMemoryLimit, bytes, cancel);

    /// <summary>Tells the nodes of drained regions to leave whose time has come. Called once a look.</summary>
    internal async Task StopNodesAsync(CancellationToken cancel)
    {
        DirectorSnapshot snapshot = registry.Snapshot;
        foreach ((string name, DrainMark mark) in snapshot.Drains.Where(drain => drain.Value.StopsNodes))
        {
            if (snapshot.Region(name) is not { } region || (region.Clients > 0 && time.GetUtcNow() < mark.Deadline))
            {
                continue;
            }

            foreach (NodeView node in snapshot.View.Nodes.Where(node => node.Report.Region == name && !node.IsLost && node.Report.State == NodeState.Serving))
            {
                string problem = await commander.SendAsync(node.Report, NodeCommandKind.Drain, 0, cancel).ConfigureAwait(false);
                string outcome = Outcome(problem);
                LogStop(log, name, node.Report.Node, outcome);
            }
        }
    }

    private async Task<ActionOutcome> SendAsync(string region, string node, NodeCommandKind kind, long bytes, CancellationToken cancel)
    {
        NodeView? found = registry.Current.Nodes.FirstOrDefault(view => view.Report.Region == region && view.Report.Node == node);
        if (found is null)
        {
            return new ActionOutcome($"there is no node '{node}' in region '{region}'");
        }

        string problem = found.IsLost ? $"node {node} is lost" : await commander.SendAsync(found.Report, kind, bytes, cancel).ConfigureAwait(false);
        (string what, string outcome) = (kind == NodeCommandKind.Drain ? "drain" : "memory budget", Outcome(problem));
        LogCommand(log, what, region, node, outcome);
        return new ActionOutcome(problem);
    }

    private string? Unknown(string region) => registry.Snapshot.Region(region) is not null ? null
        : $"there is no region '{region}'; known are {string.Join(", ", registry.Current.Regions.Select(view => view.Name).DefaultIfEmpty("none"))}";

    private static string Outcome(string problem) => problem.Length == 0 ? "done" : problem;

    private static ActionOutcome Written(bool isWritten) => isWritten ? ActionOutcome.Done : new ActionOutcome("other directors wrote at the same time; try again");

    [LoggerMessage(209, LogLevel.Information, "Region {Region} is drained until {Deadline:u}{Then}")]
    private static partial void LogDrain(ILogger logger, string region, DateTimeOffset deadline, string then);

    [LoggerMessage(210, LogLevel.Information, "The drain of region {Region} is undone")]
    private static partial void LogUndrain(ILogger logger, string region);

    [LoggerMessage(211, LogLevel.Information, "Node {Node} of drained region {Region} was told to leave: {Outcome}")]
    private static partial void LogStop(ILogger logger, string region, string node, string outcome);

    [LoggerMessage(212, LogLevel.Information, "Command to {Region}/{Node}, {Kind}: {Outcome}")]
    private static partial void LogCommand(ILogger logger, string kind, string region, string node, string outcome);
}

using Causeway.Drill.Scripts;
using Causeway.Shaper;

namespace Causeway.Drill.Engine;

/// <summary>What the timeline says of steps.</summary>
internal static class StepWords
{
    /// <summary>The key of an action in scripts.</summary>
    public static string Key(StepAction action) => action switch
    {
        ShapeLink => "shape",
        StallLink => "stall",
        UnstallLink => "unstall",
        CutLink => "cut",
        FlapLink => "flap",
        KillNode => "kill",
        RestartNode => "restart",
        DrainNode => "drain-node",
        AddNode => "add-node",
        DrainRegion => "drain-region",
        KillRegion => "kill-region",
        RestartRegion => "restart-region",
        SetMemoryLimit => "memory-limit",
        _ => "load",
    };

    /// <summary>An action in a few words.</summary>
    public static string Say(StepAction action) => action switch
    {
        ShapeLink shape => $"link of {shape.Link}: {Say(shape.Conditions)}",
        StallLink stall => $"link of {stall.Link} stalls",
        UnstallLink unstall => $"link of {unstall.Link} goes on",
        CutLink cut => $"link of {cut.Link} is cut",
        FlapLink { StallFor: { } stall } flap => $"link of {flap.Link} stalls {flap.Times} times for {ScriptText.Span(stall)}, within {ScriptText.Span(flap.Over)}",
        FlapLink flap => $"link of {flap.Link} is cut {flap.Times} times within {ScriptText.Span(flap.Over)}",
        KillNode kill => $"node {kill.Node} is killed",
        RestartNode restart => $"node {restart.Node} is started again",
        DrainNode drain => $"node {drain.Node} is drained",
        AddNode add => $"a node is added to {add.Region}",
        DrainRegion drain => $"{drain.Region} is drained",
        KillRegion kill => $"all nodes of {kill.Region} are killed",
        RestartRegion restart => $"the dead nodes of {restart.Region} are started again",
        SetMemoryLimit limit => $"memory limit of the nodes of {limit.Region}: {ScriptText.Bytes(limit.Bytes)}",
        ChangeLoad load => $"load of {load.Region}: {Say(load.Change)}{(load.Over > TimeSpan.Zero ? $" over {ScriptText.Span(load.Over)}" : "")}",
        _ => "",
    };

    /// <summary>Conditions in a few words.</summary>
    public static string Say(LinkConditions conditions)
    {
        List<string> words = [];
        if (conditions.Latency > TimeSpan.Zero)
        {
            words.Add($"{ScriptText.Span(conditions.Latency)} one way");
        }

        if (conditions.Jitter > TimeSpan.Zero)
        {
            words.Add($"up to {ScriptText.Span(conditions.Jitter)} of jitter");
        }

        if (conditions.BytesPerSecond is { } rate)
        {
            words.Add($"{ScriptText.Bytes(rate)}/s");
        }

        return words.Count == 0 ? "passes everything on" : string.Join(", ", words);
    }

    private static string Say(LoadChange change)
    {
        (double? Value, string Name)[] parts =
        [
            (change.Clients, "clients"),
            (change.LocalMessagesPerSecond, "local messages/s"),
            (change.GlobalMessagesPerSecond, "global messages/s"),
            (change.CallsPerSecond, "calls/s"),
            (change.HeldSubscriptions, "subscriptions held"),
            (change.ChurnPerSecond, "subscriptions changed/s"),
            (change.StuckClients, "stuck clients"),
            (change.PayloadBytes, "bytes a message"),
        ];
        return string.Join(", ", parts.Where(part => part.Value is not null).Select(part => $"{ScriptText.Number(part.Value!.Value)} {part.Name}"));
    }
}

using Causeway.Shaper;

namespace Causeway.Drill.Scripts;

/// <summary>What a step does. Immutable.</summary>
internal abstract record StepAction;

/// <summary>A node of a region: by its number from 1, or one that the seed chooses.</summary>
internal readonly record struct NodeChoice(string Region, int? Number)
{
    public override string ToString() => Number is { } number ? $"{Region}/{number}" : $"{Region}/any";
}

/// <summary>Two regions and the link between them; one way only from the first to the second where a script says so.</summary>
internal sealed record LinkChoice(string One, string Other, bool IsOneWay = false)
{
    public override string ToString() => IsOneWay ? $"{One} to {Other}" : $"{One} and {Other}";
}

/// <summary>Gives a link other conditions.</summary>
internal sealed record ShapeLink(LinkChoice Link, LinkConditions Conditions) : StepAction;

/// <summary>Lets a link stand still.</summary>
internal sealed record StallLink(LinkChoice Link) : StepAction;

/// <summary>Lets a link go on.</summary>
internal sealed record UnstallLink(LinkChoice Link) : StepAction;

/// <summary>Resets a link's connections.</summary>
internal sealed record CutLink(LinkChoice Link) : StepAction;

/// <summary>Cuts a link, or stalls it for a time, again and again at moments that the seed chooses.</summary>
internal sealed record FlapLink(LinkChoice Link, int Times, TimeSpan Over, TimeSpan? StallFor) : StepAction;

/// <summary>Changes what clients of a region do, at once or step by step.</summary>
internal sealed record ChangeLoad(string Region, LoadChange Change, TimeSpan Over) : StepAction;

/// <summary>Kills a node.</summary>
internal sealed record KillNode(NodeChoice Node) : StepAction;

/// <summary>Starts a node again.</summary>
internal sealed record RestartNode(NodeChoice Node) : StepAction;

/// <summary>Lets a node leave in good order.</summary>
internal sealed record DrainNode(NodeChoice Node) : StepAction;

/// <summary>Adds a node.</summary>
internal sealed record AddNode(string Region) : StepAction;

/// <summary>Lets a region's clients go elsewhere.</summary>
internal sealed record DrainRegion(string Region) : StepAction;

/// <summary>Kills all nodes of a region at once.</summary>
internal sealed record KillRegion(string Region) : StepAction;

/// <summary>Starts all dead nodes of a region again.</summary>
internal sealed record RestartRegion(string Region) : StepAction;

/// <summary>Gives all nodes of a region another memory limit while they run.</summary>
internal sealed record SetMemoryLimit(string Region, long Bytes) : StepAction;

using Causeway.Core.Control;

namespace Causeway.Core.Alarms.Nodes;

/// <summary>What the rules look at: a node as it is at one moment. Immutable.</summary>
public sealed record NodeReading
{
    /// <summary>The node's name.</summary>
    public required string Node { get; init; }

    /// <summary>Its region; empty for a node by itself.</summary>
    public string Region { get; init; } = "";

    /// <summary>Memory.</summary>
    public required MemoryReading Memory { get; init; }

    /// <summary>Links that are there.</summary>
    public IReadOnlyList<LinkReport> Links { get; init; } = [];

    /// <summary>Links that are wanted and not there.</summary>
    public IReadOnlyList<MissingLink> Missing { get; init; } = [];

    /// <summary>The nodes of the region and the other regions, as they ask for messages.</summary>
    public IReadOnlyList<SourceReading> Sources { get; init; } = [];

    /// <summary>Slow consumers closed since the start.</summary>
    public long SlowConsumers { get; init; }

    /// <summary>The clients closed last as slow consumers, the latest first; asked only when an alarm opens.</summary>
    public Func<IReadOnlyList<string>> LastSlowConsumers { get; init; } = static () => [];

    /// <summary>The time that the slowest event loop takes to take a task.</summary>
    public TimeSpan LoopDelay { get; init; }

    /// <summary>Clients closed for a defect in Causeway since the start.</summary>
    public long InternalErrors { get; init; }

    /// <summary>Bytes that accounts still held when they were closed; not zero is a defect in Causeway.</summary>
    public long LeakedBytes { get; init; }

    /// <summary>Who holds memory; asked only when growth begins and when an alarm opens.</summary>
    public required Func<MemorySample> Holders { get; init; }

    /// <summary>The way from its region to <paramref name="region"/>, or inside its own where that is null, as alarms name it.</summary>
    internal string WayTo(string? region) => region is null ? Region + AlarmReport.InsideSuffix : $"{Region} -> {region}";
}

/// <summary>A link that is wanted and not up.</summary>
/// <param name="IsWan">True if it leads to another region.</param>
/// <param name="Region">The region that it leads to.</param>
/// <param name="Peer">The node or address that is dialled.</param>
/// <param name="LastFailure">Why there was no link when it was last tried; empty if that is not known.</param>
public sealed record MissingLink(bool IsWan, string Region, string Peer, string LastFailure);

/// <summary>Somebody who asks for messages: a node of the region, or another region.</summary>
/// <param name="Name">The node's name, or the region's.</param>
/// <param name="IsRegion">True for another region.</param>
/// <param name="IsReachable">True if messages can go there.</param>
/// <param name="IsKnown">True if all that it asks for was known here at least once.</param>
/// <param name="Entries">What is known of it.</param>
/// <param name="Bytes">Memory that this takes.</param>
public sealed record SourceReading(string Name, bool IsRegion, bool IsReachable, bool IsKnown, long Entries, long Bytes);

using System.Collections.Immutable;
using Causeway.Core.Control;
using Causeway.Director.Registry;

namespace Causeway.Director.Status;

/// <summary>How one region reaches another.</summary>
public enum PairState
{
    /// <summary>By a link that is up.</summary>
    Up,

    /// <summary>By a link that is quiet, without its data lane, or far behind.</summary>
    Degraded,

    /// <summary>Not at all.</summary>
    Cut,
}

/// <summary>The links from one region to another, put together. Immutable.</summary>
public sealed record RegionPair
{
    /// <summary>The region that sends.</summary>
    public required string From { get; init; }

    /// <summary>The region that is sent to.</summary>
    public required string To { get; init; }

    /// <summary>How they reach it.</summary>
    public required PairState State { get; init; }

    /// <summary>Links that are up.</summary>
    public required int LinksUp { get; init; }

    /// <summary>The shortest smoothed round trip in milliseconds; 0 if there is none.</summary>
    public required double RoundTripMilliseconds { get; init; }

    /// <summary>Throughput of all, in bytes a second.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>The largest lag of interest, in entries.</summary>
    public required long LagEntries { get; init; }

    /// <summary>The largest lag of interest, in seconds.</summary>
    public required double LagSeconds { get; init; }

    /// <summary>Bytes of messages that wait, of all.</summary>
    public required long PendingBytes { get; init; }

    /// <summary>Messages dropped, of all.</summary>
    public required long DroppedMessages { get; init; }

    /// <summary>Memory that they hold, in bytes.</summary>
    public required long HeldBytes { get; init; }
}

/// <summary>Puts the links of all nodes together by pair of regions.</summary>
public static class LinkPairs
{
    /// <summary>All ordered pairs of the view's regions, each way by itself.</summary>
    public static ImmutableArray<RegionPair> Of(DeploymentView view)
    {
        ILookup<(string From, string To), LinkReport> links = (
            from node in view.Nodes
            where !node.IsLost
            from link in node.Report.Links
            where link.Kind == "wan" && link.Direction == "out"
            select (From: node.Report.Region, link)).ToLookup(pair => (pair.From, pair.link.Region), pair => pair.link);
        return [.. from one in view.Regions
                   from other in view.Regions
                   where one.Name != other.Name
                   select Pair(one.Name, other.Name, [.. links[(one.Name, other.Name)]])];
    }

    private static RegionPair Pair(string from, string to, List<LinkReport> links)
    {
        List<LinkReport> up = links.FindAll(link => link.State == "up");
        double lag = links.Count == 0 ? 0 : links.Max(link => link.LagSeconds);
        bool open = up.Count > 0 || links.Exists(link => link.State is "quiet" or "no_data_lane");
        return new RegionPair
        {
            From = from,
            To = to,
            State = !open ? PairState.Cut : up.Count == 0 || lag > StatusLimits.LagDegradedSeconds ? PairState.Degraded : PairState.Up,
            LinksUp = up.Count,
            RoundTripMilliseconds = up.Select(link => link.RoundTripMilliseconds).Where(ms => ms > 0).DefaultIfEmpty(0).Min(),
            BytesPerSecond = links.Sum(link => link.BytesPerSecond),
            LagEntries = links.Count == 0 ? 0 : links.Max(link => link.LagEntries),
            LagSeconds = lag,
            PendingBytes = links.Sum(link => link.PendingBytes),
            DroppedMessages = links.Sum(link => link.DroppedMessages),
            HeldBytes = links.Sum(link => link.HeldBytes),
        };
    }
}

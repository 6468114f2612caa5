using Causeway.Core.Regions;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>What one node of the region wants, or one other region as one carrier tells it, as it was when the mesh was asked.</summary>
internal sealed record SourceRow
{
    public required InterestSource Source { get; init; }

    public required long Literals { get; init; }

    public required long Texts { get; init; }

    public required long Tombstones { get; init; }

    public required long Bytes { get; init; }

    public required bool Known { get; init; }

    public required bool Routed { get; init; }

    public required bool Reachable { get; init; }

    public double? RoundTripMilliseconds { get; init; }

    /// <summary>How long it has been without a link; null while it has one.</summary>
    public long? OrphanedMilliseconds { get; init; }

    /// <summary>The state of the link that leads there; null without one.</summary>
    public string? LinkState { get; init; }

    /// <summary>The node's name, or the region's.</summary>
    public string Name => Source.IsRegion ? Source.Region : Source.CarrierName;

    public long Entries => Literals + Texts;

    /// <summary>Looks at a source, on the mesh's thread.</summary>
    public static SourceRow Of(InterestSource source, long now)
    {
        double? roundTrip = source.IsRegion ? source.RoundTripMilliseconds : source.Link?.Meter.RoundTripMilliseconds;
        return new SourceRow
        {
            Source = source,
            Literals = source.Tables.Sum(table => table.Table.Literals),
            Texts = source.Tables.Sum(table => table.Table.Texts),
            Tombstones = source.Tables.Sum(table => table.Table.Tombstones),
            Bytes = source.Tables.Sum(table => table.Table.MemoryBytes),
            Known = source.IsKnown,
            Routed = source.IsRouted,
            Reachable = source.IsReachable,
            RoundTripMilliseconds = roundTrip is < double.MaxValue ? roundTrip : null,
            OrphanedMilliseconds = source.Link is null ? now - source.OrphanedAt : null,
            LinkState = source.Link is { } link ? LinkRow.StateOf(link, now) : null,
        };
    }
}

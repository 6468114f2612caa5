using Causeway.Core.Links;
using Causeway.Core.Regions;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>Another region.</summary>
internal sealed record RegionRow
{
    public required string Name { get; init; }

    /// <summary>The node that should hold the link to it.</summary>
    public required string Owner { get; init; }

    public required bool OwnedHere { get; init; }

    /// <summary>The state of this node's own link to it; null without one.</summary>
    public string? OwnLinkState { get; init; }

    /// <summary>By whom messages go there; null if they can't.</summary>
    public SourceRow? Carrier { get; init; }

    /// <summary>All that could carry messages there, or could before they were lost.</summary>
    public required IReadOnlyList<SourceRow> Carriers { get; init; }

    public required IReadOnlyList<NodeCard> Contacts { get; init; }

    /// <summary>Looks at a region, on the mesh's thread.</summary>
    public static RegionRow Of(string region, Mesh mesh, IReadOnlyList<SourceRow> sources)
    {
        SourceRow[] carriers = [.. sources.Where(source => source.Source.Region == region)];
        ulong owner = mesh.OwnerOf(region);
        return new RegionRow
        {
            Name = region,
            Owner = mesh.NameOf(owner),
            OwnedHere = owner == mesh.Self.Id,
            OwnLinkState = mesh.WanLink(region) is { } link ? LinkRow.StateOf(link, mesh.Now) : null,
            Carrier = carriers.FirstOrDefault(carrier => carrier.Routed && carrier.Reachable),
            Carriers = carriers,
            Contacts = [.. mesh.Members.Contacts(region)],
        };
    }
}

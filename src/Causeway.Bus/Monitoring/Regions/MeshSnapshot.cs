using Causeway.Bus.Links;
using Causeway.Core.Links;
using Causeway.Core.Regions;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>What the mesh said when it was asked, for pages and metrics. Bounded by the limits of links, members and regions.</summary>
internal sealed record MeshSnapshot
{
    public required NodeCard Self { get; init; }

    public required IReadOnlyList<LinkRow> Links { get; init; }

    public required IReadOnlyList<WantedLink> Wanted { get; init; }

    /// <summary>Those of them whose absence is trouble: not where a node has left as it said.</summary>
    public IEnumerable<WantedLink> Missing => Wanted.Where(wanted => !wanted.HasLeft);

    public required IReadOnlyList<MemberRow> Members { get; init; }

    public required IReadOnlyList<RegionRow> Regions { get; init; }

    public required IReadOnlyList<SourceRow> Sources { get; init; }

    public required long LinksOpened { get; init; }

    public required long HandshakesFailed { get; init; }

    public required long DialsFailed { get; init; }

    public required long MembersRefused { get; init; }

    /// <summary>Looks at everything, on the mesh's thread.</summary>
    public static MeshSnapshot Take(MeshNode node, LinkOptions options)
    {
        Mesh mesh = node.Mesh;
        SourceRow[] sources = [.. mesh.Interest.Sources.Select(source => SourceRow.Of(source, mesh.Now))];
        return new MeshSnapshot
        {
            Self = mesh.Self,
            Links = [.. mesh.Links.Select(link => LinkRow.Of(link, mesh))],
            Wanted = [.. WantedInRegion(node, options.Peers), .. WantedRegions(node, options.Remotes)],
            Members = [.. Nodes(node)],
            Regions = [.. mesh.Regions.Order(StringComparer.Ordinal).Select(region => RegionRow.Of(region, mesh, sources))],
            Sources = sources,
            LinksOpened = mesh.LinksOpened,
            HandshakesFailed = mesh.HandshakesFailed,
            DialsFailed = node.DialsFailed,
            MembersRefused = mesh.Members.Refused,
        };
    }

    private static IEnumerable<MemberRow> Nodes(MeshNode node)
    {
        Mesh mesh = node.Mesh;
        yield return new MemberRow(mesh.Self, MemberRow.Self, null);
        Dictionary<ulong, Link> links = mesh.Links.Where(link => !link.IsWan).DistinctBy(link => link.Peer.Id).ToDictionary(link => link.Peer.Id);
        IEnumerable<NodeCard> cards = links.Values.Select(link => link.Peer).Concat(mesh.Members.Members).DistinctBy(card => card.Id);
        foreach (NodeCard card in cards.OrderBy(card => card.Name, StringComparer.Ordinal))
        {
            yield return links.TryGetValue(card.Id, out Link? link)
                ? new MemberRow(card, LinkRow.StateOf(link, mesh.Now), null)
                : new MemberRow(card, MemberRow.Down, node.LastFailure(card.LinkAddress));
        }
    }

    /// <summary>Nodes of the own region that the mesh dials, as it decides it itself: seeds and members that no link leads to.</summary>
    private static IEnumerable<WantedLink> WantedInRegion(MeshNode node, IReadOnlyList<string> seeds)
    {
        Mesh mesh = node.Mesh;
        Link[] links = [.. mesh.Links.Where(link => !link.IsWan)];
        NodeCard[] members = [.. mesh.Members.Members.Where(card => !links.Any(link => link.Peer.Id == card.Id || link.Peer.LinkAddress == card.LinkAddress))];
        foreach (NodeCard card in members)
        {
            yield return new WantedLink(false, mesh.Self.Region, card.LinkAddress, card.Name, node.LastFailure(card.LinkAddress));
        }

        foreach (string seed in seeds.Where(seed => seed != mesh.Self.LinkAddress && !members.Any(card => card.LinkAddress == seed)))
        {
            (ulong there, bool hasLeft) = mesh.FoundAt(seed);
            // A member that was found at a seed stands above under its own address.
            if (there != mesh.Self.Id && !members.Any(card => card.Id == there) && !links.Any(link => link.Peer.Id == there || link.Peer.LinkAddress == seed))
            {
                yield return new WantedLink(false, mesh.Self.Region, seed, null, hasLeft ? "the node there has left" : node.LastFailure(seed)) { HasLeft = hasLeft };
            }
        }
    }

    /// <summary>Addresses in the regions that this node owns and has no link to.</summary>
    private static IEnumerable<WantedLink> WantedRegions(MeshNode node, IReadOnlyList<(string Region, string Address)> known)
    {
        Mesh mesh = node.Mesh;
        return
            from region in mesh.Regions
            where mesh.OwnerOf(region) == mesh.Self.Id && mesh.WanLink(region) is null
            let contacts = mesh.Members.Contacts(region).Select(card => (Address: card.LinkAddress, Node: card.Name.Length > 0 ? card.Name : null))
            let remotes = known.Where(remote => remote.Region == region).Select(remote => (remote.Address, Node: (string?)null))
            from contact in contacts.Concat(remotes).DistinctBy(contact => contact.Address)
            select new WantedLink(true, region, contact.Address, contact.Node, node.LastFailure(contact.Address));
    }
}

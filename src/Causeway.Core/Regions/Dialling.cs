using Causeway.Core.Links;

namespace Causeway.Core.Regions;

/// <summary>Which addresses a mesh dials: nodes of its region without a link, and one contact of each region that it owns.</summary>
internal sealed class Dialling(Mesh mesh, DialPlan plan, IReadOnlyList<string> seeds, IReadOnlyList<(string Region, string Address)> remotes)
{
    private const long PatienceMilliseconds = 1000;

    private readonly HashSet<string> _regions = [];

    /// <summary>The regions and addresses to begin with.</summary>
    public IReadOnlyList<(string Region, string Address)> Remotes { get; } = remotes;

    /// <summary>The node that was last found at <paramref name="address"/>, 0 if none was, and whether it has said since that it goes away.</summary>
    public (ulong Node, bool HasLeft) FoundAt(string address) => plan.FoundAt(address);

    /// <summary>A node has said that it goes away: it is no member any more, and where it was is dialled only if its address is a seed.</summary>
    public void Left(NodeCard node)
    {
        mesh.Members.Forget(node);
        plan.Left(node.Id);
    }

    /// <summary>Dials what is wanted and not there, and gives up links to regions that their owner serves by now.</summary>
    public void Dial()
    {
        DialRegion();
        DialRegions();
    }

    /// <summary>A dial led to a link or to nothing, and to <paramref name="node"/> if that is not 0.</summary>
    public void End(LinkDial dial, ulong node, bool failed)
    {
        if (node != 0)
        {
            plan.Found(dial.Address, node);
        }

        plan.End(dial.Address, failed, mesh.Now);
        if (dial.IsWan)
        {
            _regions.Remove(dial.Region);
        }
    }

    /// <summary>A link that this node dialled lasts: its next failure begins with the shortest pause.</summary>
    public void OnProven(Link link) => plan.Reset(link.Control.RemoteAddress);

    /// <summary>A link that this node dialled came up and failed soon, which counts as a failure to dial.</summary>
    public void OnFailedSoon(Link link) => plan.End(link.Control.RemoteAddress, failed: true, mesh.Now);

    private void DialRegion()
    {
        foreach (string seed in seeds)
        {
            ulong there = plan.FoundAt(seed).Node;
            if (seed != mesh.Self.LinkAddress && there != mesh.Self.Id && !mesh.Lan.ContainsKey(there) && !IsLinked(seed))
            {
                TryDial(new LinkDial(seed, mesh.Self.Region, IsWan: false));
            }
        }

        foreach (NodeCard member in mesh.Members.Members.ToArray())
        {
            // The lower number dials, so that the two don't cross; the other only if nothing comes of that.
            bool isTurn = mesh.Self.Id < member.Id || mesh.Now % (4 * PatienceMilliseconds) >= 3 * PatienceMilliseconds;
            if (isTurn && !mesh.Lan.ContainsKey(member.Id) && !IsLinked(member.LinkAddress))
            {
                TryDial(new LinkDial(member.LinkAddress, mesh.Self.Region, IsWan: false));
            }
        }
    }

    private bool IsLinked(string address) => mesh.Lan.Values.Any(link => link.Peer.LinkAddress == address);

    private void DialRegions()
    {
        foreach (string region in mesh.Regions.ToArray())
        {
            ulong owner = mesh.OwnerOf(region);
            if (mesh.WanLink(region) is { } link)
            {
                if (owner != mesh.Self.Id && mesh.Interest.IsServedBy(region, owner))
                {
                    link.Close("the region's owner has taken over");
                }
            }
            else if (owner == mesh.Self.Id && !_regions.Contains(region))
            {
                DialOneOf(region);
            }
        }
    }

    private void DialOneOf(string region)
    {
        // Each region begins with another contact, so that not all links end at one node.
        IEnumerable<string> contacts = mesh.Members.Contacts(region)
            .OrderByDescending(card => Ownership.Weight(card.Id, mesh.Self.Region))
            .Select(card => card.LinkAddress);
        IEnumerable<string> configured = Remotes.Where(remote => remote.Region == region).Select(remote => remote.Address);
        foreach (string address in contacts.Concat(configured).Distinct())
        {
            if (TryDial(new LinkDial(address, region, IsWan: true)))
            {
                _regions.Add(region);
                return;
            }
        }
    }

    private bool TryDial(LinkDial dial)
    {
        if (!plan.TryBegin(dial.Address, mesh.Now))
        {
            return false;
        }

        mesh.Host.Dial(dial);
        return true;
    }
}

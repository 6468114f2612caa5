using Causeway.Core.Links;

namespace Causeway.Core.Regions;

/// <summary>
/// A node's place in the deployment: which nodes it knows, which links it wants and has, and which regions it owns. Within a region
/// every node has a link to every other; to each other region one node, the owner, has a link. Sans-IO: the host dials and tells the
/// time. Belongs to one thread.
/// </summary>
public sealed class Mesh
{
    /// <summary>Room that a page of members needs at most.</summary>
    public const int MembersRoomBytes = 4096;

    private const long PatienceMilliseconds = 1000;
    private const long RefreshMilliseconds = 5000;
    private const long ProvenMilliseconds = 2000;

    private readonly Dictionary<ulong, Link> _lan = [];
    private readonly Dictionary<string, Link> _wanOut = [];
    private readonly Dictionary<ulong, Link> _wanIn = [];
    private readonly List<Link> _links = [];
    private readonly DialPlan _plan;
    private readonly IReadOnlyList<string> _seeds;
    private readonly IReadOnlyList<(string Region, string Address)> _remotes;
    private readonly Dictionary<string, ulong> _owners = [];
    private readonly Dictionary<string, string> _wanDials = [];
    private long _refreshAt;
    private bool _leaving;

    /// <summary>Creates the mesh of <paramref name="self"/>.</summary>
    /// <param name="self">This node.</param>
    /// <param name="key">The deployment's key.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="seeds">Addresses of nodes of the own region to begin with.</param>
    /// <param name="remotes">Regions and addresses of nodes of them to begin with.</param>
    /// <param name="host">The world.</param>
    /// <param name="interest">What is told over the links.</param>
    /// <param name="random">For jitter.</param>
    public Mesh(
        NodeCard self,
        DeploymentKey key,
        LinkLimits limits,
        IReadOnlyList<string> seeds,
        IReadOnlyList<(string Region, string Address)> remotes,
        IMeshHost host,
        MeshInterest interest,
        Random random)
    {
        Self = self;
        Key = key;
        Limits = limits;
        _seeds = seeds;
        _remotes = remotes;
        Host = host;
        Interest = interest;
        Members = new MemberTable(self, limits);
        _plan = new DialPlan(limits, random);
        interest.Begin(this);
    }

    /// <summary>This node.</summary>
    public NodeCard Self { get; }

    /// <summary>The deployment's key.</summary>
    public DeploymentKey Key { get; }

    /// <summary>The limits.</summary>
    public LinkLimits Limits { get; }

    /// <summary>The world.</summary>
    public IMeshHost Host { get; }

    /// <summary>The nodes that are known.</summary>
    public MemberTable Members { get; }

    /// <summary>What is told over the links.</summary>
    public MeshInterest Interest { get; }

    /// <summary>The time in milliseconds, as the host told it last.</summary>
    public long Now { get; set; }

    /// <summary>Changes when members are to be told again.</summary>
    public long MembersVersion => Members.Version;

    /// <summary>All links that are up.</summary>
    public IReadOnlyList<Link> Links => _links;

    /// <summary>Links that came up so far.</summary>
    public long LinksOpened { get; private set; }

    /// <summary>Handshakes that came to nothing so far, duplicates left out.</summary>
    public long HandshakesFailed { get; private set; }

    /// <summary>Other regions that are known.</summary>
    public IEnumerable<string> Regions => _remotes.Select(remote => remote.Region).Concat(Members.Regions).Distinct().Where(region => region != Self.Region);

    /// <summary>The nodes of the own region that are up, this one included.</summary>
    public IEnumerable<ulong> LiveNodes => _lan.Keys.Append(Self.Id);

    /// <summary>The link to <paramref name="region"/> that this node holds, or null.</summary>
    public Link? WanLink(string region) => _wanOut.GetValueOrDefault(region);

    /// <summary>The node that should hold the link to <paramref name="region"/>, as this node sees it.</summary>
    public ulong OwnerOf(string region) => _leaving && _lan.Count > 0 ? Ownership.Owner(_lan.Keys, region) : Ownership.Owner(LiveNodes, region);

    /// <summary>The name of a node of the own region.</summary>
    public string NameOf(ulong node) => node == Self.Id ? Self.Name : _lan.TryGetValue(node, out Link? link) ? link.Peer.Name : $"{node:x16}";

    /// <summary>The node that was last found at <paramref name="address"/>; 0 if none was.</summary>
    public ulong NodeAt(string address) => _plan.NodeAt(address);

    /// <summary>The regular look: dials what is wanted, gives up what is not. A few times a second.</summary>
    public void Check(long now)
    {
        Now = now;
        if (now >= _refreshAt)
        {
            _refreshAt = now + RefreshMilliseconds;
            HearLinks();
            Members.ForgetOld(now);
            Members.Refresh();
        }

        if (!_leaving)
        {
            DialRegion();
            DialRegions();
        }

        Interest.Check(now);
        foreach (Link link in _links)
        {
            if (now - link.UpSince >= ProvenMilliseconds && link.IsOutgoing)
            {
                _plan.Reset(link.Peer.LinkAddress);
            }
        }
    }

    /// <summary>Tells all others that this node goes away, and takes no new links.</summary>
    public void Leave()
    {
        _leaving = true;
        foreach (Link link in _links)
        {
            link.Session.SayGoodbye();
        }
    }

    /// <summary>A dial came to nothing before a lane could begin.</summary>
    public void OnDialFailed(LinkDial dial, string reason)
    {
        HandshakesFailed++;
        EndDial(dial, failed: true);
        Host.OnLinkFailed(dial.Address, reason);
    }

    /// <summary>Begins the data lane of a link on a connection that this side opened.</summary>
    public DataLane? BeginData(Link link, ILaneTransport transport)
    {
        if (link.IsDown || link.Data is not null)
        {
            transport.Close("its link is down");
            return null;
        }

        Span<byte> frame = stackalloc byte[FrameWriter.HeaderBytes + LinkHandshake.TokenBytes];
        FrameWriter writer = new(frame, LinkFrameKind.Attach);
        writer.Bytes(link.Token);
        writer.End();
        lock (transport.Queue.Gate)
        {
            transport.Queue.TryAppend(frame);
        }

        DataLane lane = Interest.CreateLane(link, transport);
        transport.Become(lane);
        link.Data = lane;
        transport.Flush();
        Interest.OnDataUp(link);
        return lane;
    }

    /// <summary>Makes the connection a data lane if it names a link that waits for one; else closes it.</summary>
    internal bool Attach(ReadOnlySpan<byte> token, ILaneTransport transport)
    {
        foreach (Link link in _links)
        {
            if (!link.IsOutgoing && link.Data is null && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(token, link.Token))
            {
                DataLane lane = Interest.CreateLane(link, transport);
                transport.Become(lane);
                link.Data = lane;
                Interest.OnDataUp(link);
                return true;
            }
        }

        transport.Close("no link waits for this data lane");
        return false;
    }

    /// <summary>Decides whether a node that has proved itself gets a link.</summary>
    internal void Judge(LinkHandshake handshake)
    {
        NodeCard peer = handshake.Peer!;
        if (_leaving)
        {
            handshake.Refuse(RefusalCode.Leaving, $"node '{Self.Name}' is going away");
        }
        else if (_links.Count >= Limits.MaxLinks)
        {
            handshake.Refuse(RefusalCode.Full, $"node '{Self.Name}' has {Limits.MaxLinks} links");
        }
        else if (!handshake.IsWan && _lan.TryGetValue(peer.Id, out Link? link) && link.Initiator < peer.Id)
        {
            handshake.Refuse(RefusalCode.Duplicate, "there is a link already");
        }
        else if (!handshake.IsWan && (peer.Name == Self.Name || _lan.Values.Any(other => other.Peer.Name == peer.Name && other.Peer.Id != peer.Id)))
        {
            handshake.Refuse(RefusalCode.Name, $"another node of region '{Self.Region}' is called '{peer.Name}'");
        }
        else
        {
            handshake.Accept(Host.RandomBytes(LinkHandshake.TokenBytes));
        }
    }

    /// <summary>A handshake is through.</summary>
    internal Link OnLinkUp(LinkHandshake handshake, ILaneTransport transport)
    {
        bool isOutgoing = handshake.Dial is not null;
        Link link = new(this, handshake.Peer!, handshake.IsWan, isOutgoing, handshake.Token, transport, Now);
        link.Session = new LinkSession(this, link);
        if (handshake.Dial is { } dial)
        {
            EndDial(dial, failed: false);
            _plan.Found(dial.Address, link.Peer.Id);
        }

        LinksOpened++;
        Link? old = Existing(link);
        if (old is not null && !link.IsWan && old.Initiator < link.Initiator)
        {
            link.IsDown = true;
            transport.Close("there is a link already");
            return link;
        }

        if (old is not null)
        {
            OnLinkDown(old, "a newer link took its place");
            old.Close("a newer link took its place");
        }

        Register(link);
        Members.Hear(link.Peer, Now);
        Interest.OnLinkUp(link);
        Host.OnLinkUp(link);
        OnNodesChanged();
        if (isOutgoing)
        {
            Host.DialData(link);
        }

        return link;
    }

    internal void OnHandshakeFailed(LinkHandshake handshake, string address, string reason)
    {
        if (handshake.Dial is { } dial)
        {
            if (handshake.Peer is { } peer && handshake.Refusal is RefusalCode.Duplicate or RefusalCode.Self)
            {
                _plan.Found(dial.Address, peer.Id);
            }

            EndDial(dial, failed: true);
        }

        if (handshake.Refusal is not (RefusalCode.Duplicate or RefusalCode.Self))
        {
            HandshakesFailed++;
            Host.OnLinkFailed(handshake.Dial?.Address ?? address, reason);
        }
    }

    internal void OnLinkDown(Link link, string reason)
    {
        if (link.IsDown)
        {
            return;
        }

        link.IsDown = true;
        _links.Remove(link);
        RemoveFrom(_lan, link.Peer.Id, link);
        RemoveFrom(_wanIn, link.Peer.Id, link);
        if (_wanOut.GetValueOrDefault(link.Peer.Region) == link)
        {
            _wanOut.Remove(link.Peer.Region);
        }

        link.Data?.Close(reason);
        Interest.OnLinkDown(link);
        Host.OnLinkDown(link, reason);
        if (link.IsOutgoing && Now - link.UpSince < ProvenMilliseconds)
        {
            _plan.End(link.Peer.LinkAddress, failed: true, Now);
        }

        OnNodesChanged();
    }

    internal void OnMembers(Link link, ref FrameReader reader) =>
        Members.ReadPage(ref reader, link.Peer.Region, Now, (region, milliseconds) => Interest.SetRoundTrip(link.Peer.Id, region, milliseconds));

    internal int WriteMembers(Link link, ref FrameWriter writer, int page) =>
        Members.WritePage(ref writer, page, link.Peer.Region, Now, region => WanLink(region)?.Meter.RoundTripMilliseconds);

    internal void OnGoodbye(Link link)
    {
        Members.Forget(link.Peer);
        link.Close("the other node goes away");
    }

    private static void RemoveFrom(Dictionary<ulong, Link> links, ulong key, Link link)
    {
        if (links.GetValueOrDefault(key) == link)
        {
            links.Remove(key);
        }
    }

    private Link? Existing(Link link) =>
        !link.IsWan ? _lan.GetValueOrDefault(link.Peer.Id)
        : link.IsOutgoing ? _wanOut.GetValueOrDefault(link.Peer.Region)
        : _wanIn.GetValueOrDefault(link.Peer.Id);

    private void Register(Link link)
    {
        _links.Add(link);
        if (!link.IsWan)
        {
            _lan[link.Peer.Id] = link;
        }
        else if (link.IsOutgoing)
        {
            _wanOut[link.Peer.Region] = link;
        }
        else
        {
            _wanIn[link.Peer.Id] = link;
        }
    }

    private void HearLinks()
    {
        foreach (Link link in _links)
        {
            Members.Hear(link.Peer, Now);
        }
    }

    private void OnNodesChanged()
    {
        Members.Refresh();
        string[] urls = [Self.ClientUrl, .. _lan.Values.Select(link => link.Peer.ClientUrl).Where(url => url.Length > 0).Order()];
        Host.OnClientUrlsChanged(urls);
        foreach (string region in Regions)
        {
            ulong owner = OwnerOf(region);
            if (_owners.GetValueOrDefault(region) != owner)
            {
                _owners[region] = owner;
                Host.OnOwnerChanged(region, NameOf(owner));
            }
        }
    }

    private void EndDial(LinkDial dial, bool failed)
    {
        _plan.End(dial.Address, failed, Now);
        if (dial.IsWan)
        {
            _wanDials.Remove(dial.Region);
        }
    }

    /// <summary>Dials the nodes of the own region that there is no link to.</summary>
    private void DialRegion()
    {
        foreach (string seed in _seeds)
        {
            ulong there = _plan.NodeAt(seed);
            if (seed != Self.LinkAddress && there != Self.Id && !_lan.ContainsKey(there) && !_lan.Values.Any(link => link.Peer.LinkAddress == seed))
            {
                Dial(new LinkDial(seed, Self.Region, IsWan: false));
            }
        }

        foreach (NodeCard member in Members.Members.ToArray())
        {
            // The lower number dials, so that the two don't cross; the other only if nothing comes of that.
            bool isTurn = Self.Id < member.Id || Now % (4 * PatienceMilliseconds) >= 3 * PatienceMilliseconds;
            if (isTurn && !_lan.ContainsKey(member.Id) && !_lan.Values.Any(link => link.Peer.LinkAddress == member.LinkAddress))
            {
                Dial(new LinkDial(member.LinkAddress, Self.Region, IsWan: false));
            }
        }
    }

    /// <summary>Dials the regions that this node owns, and gives up those that their owner serves by now.</summary>
    private void DialRegions()
    {
        foreach (string region in Regions.ToArray())
        {
            bool owns = OwnerOf(region) == Self.Id;
            if (_wanOut.TryGetValue(region, out Link? link))
            {
                if (!owns && Interest.IsServedBy(region, OwnerOf(region)))
                {
                    link.Close("the region's owner has taken over");
                }
            }
            else if (owns && !_wanDials.ContainsKey(region))
            {
                DialOneOf(region);
            }
        }
    }

    private void DialOneOf(string region)
    {
        // Each region begins with another contact, so that not all links end at one node.
        IEnumerable<string> contacts = Members.Contacts(region).OrderByDescending(card => Ownership.Weight(card.Id, Self.Region)).Select(card => card.LinkAddress);
        foreach (string address in contacts.Concat(_remotes.Where(remote => remote.Region == region).Select(remote => remote.Address)).Distinct())
        {
            if (Dial(new LinkDial(address, region, IsWan: true)))
            {
                _wanDials[region] = address;
                return;
            }
        }
    }

    private bool Dial(LinkDial dial)
    {
        if (!_plan.TryBegin(dial.Address, Now))
        {
            return false;
        }

        Host.Dial(dial);
        return true;
    }
}

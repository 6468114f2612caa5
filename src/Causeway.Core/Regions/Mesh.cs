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

    private const long RefreshMilliseconds = 5000;
    private const long ProvenMilliseconds = 2000;

    private readonly Dictionary<ulong, Link> _lan = [];
    private readonly Dictionary<string, Link> _wanOut = [];
    private readonly Dictionary<ulong, Link> _wanIn = [];
    private readonly List<Link> _links = [];
    private readonly Dialling _dialling;
    private readonly Dictionary<string, ulong> _owners = [];
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
        Host = host;
        Interest = interest;
        Members = new MemberTable(self, limits);
        _dialling = new Dialling(this, new DialPlan(limits, random), seeds, remotes);
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
    public IEnumerable<string> Regions => _dialling.Remotes.Select(remote => remote.Region).Concat(Members.Regions).Distinct().Where(region => region != Self.Region);

    /// <summary>The nodes of the own region that are up, this one included.</summary>
    public IEnumerable<ulong> LiveNodes => _lan.Keys.Append(Self.Id);

    /// <summary>The links to the other nodes of the region.</summary>
    internal IReadOnlyDictionary<ulong, Link> Lan => _lan;

    /// <summary>The link to <paramref name="region"/> that this node holds, or null.</summary>
    public Link? WanLink(string region) => _wanOut.GetValueOrDefault(region);

    /// <summary>The node that should hold the link to <paramref name="region"/>, as this node sees it.</summary>
    public ulong OwnerOf(string region) => _leaving && _lan.Count > 0 ? Ownership.Owner(_lan.Keys, region) : Ownership.Owner(LiveNodes, region);

    /// <summary>The name of a node of the own region.</summary>
    public string NameOf(ulong node) => node == Self.Id ? Self.Name : _lan.TryGetValue(node, out Link? link) ? link.Peer.Name : $"{node:x16}";

    /// <summary>The node that was last found at <paramref name="address"/>, 0 if none was, and whether it has said since that it goes away.</summary>
    public (ulong Node, bool HasLeft) FoundAt(string address) => _dialling.FoundAt(address);

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
            _dialling.Dial();
        }

        Interest.Check(now);
        foreach (Link link in _links)
        {
            if (now - link.UpSince >= ProvenMilliseconds && link.IsOutgoing)
            {
                _dialling.OnProven(link);
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
        _dialling.End(dial, 0, failed: true);
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
        else if (!handshake.IsWan && IsNameTaken(peer))
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
            _dialling.End(dial, link.Peer.Id, failed: false);
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
            // Who finds itself is refused before it is told whom it has found.
            ulong there = handshake.Refusal == RefusalCode.Self ? Self.Id : handshake.Refusal == RefusalCode.Duplicate ? handshake.Peer?.Id ?? 0 : 0;
            _dialling.End(dial, there, failed: true);
        }

        // A list of seeds may name the node itself; the address of another region may not.
        if (handshake.Refusal != RefusalCode.Duplicate && (handshake.Refusal != RefusalCode.Self || handshake.IsWan))
        {
            HandshakesFailed++;
            // Who dials in has another port each time.
            Host.OnLinkFailed(handshake.Dial?.Address ?? address[..Math.Max(0, address.LastIndexOf(':'))], reason);
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
            _dialling.OnFailedSoon(link);
        }

        OnNodesChanged();
    }

    internal void OnMembers(Link link, ref FrameReader reader) =>
        Members.ReadPage(ref reader, link.Peer.Region, Now, (region, milliseconds) => Interest.SetRoundTrip(link.Peer.Id, region, milliseconds));

    internal int WriteMembers(Link link, ref FrameWriter writer, int page) =>
        Members.WritePage(ref writer, page, link.Peer.Region, Now, region => WanLink(region)?.Meter.RoundTripMilliseconds);

    internal void OnLeft(Link link)
    {
        _dialling.Left(link.Peer);
        link.Close("the other node goes away");
    }

    private static void RemoveFrom(Dictionary<ulong, Link> links, ulong key, Link link)
    {
        if (links.GetValueOrDefault(key) == link)
        {
            links.Remove(key);
        }
    }

    /// <summary>
    /// True if another node goes by the name. One with the same address has been there before: it died without a word, and its link
    /// is given up.
    /// </summary>
    private bool IsNameTaken(NodeCard peer)
    {
        Link? other = _lan.Values.FirstOrDefault(link => link.Peer.Name == peer.Name && link.Peer.Id != peer.Id);
        if (other is not null && other.Peer.LinkAddress == peer.LinkAddress)
        {
            OnLinkDown(other, "its node was started anew");
            other.Close("its node was started anew");
            other = null;
        }

        return other is not null || peer.Name == Self.Name;
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

        // What one node was told at its start, all nodes of its region should know: any of them may come to own the link.
        foreach ((string region, string address) in _dialling.Remotes)
        {
            Members.Hear(new NodeCard(0, "", region, address, ""), Now);
        }
    }

    private void OnNodesChanged()
    {
        Members.Refresh();
        Host.OnClientUrlsChanged(UrlsOf(card => card.ClientUrl), UrlsOf(card => card.WebSocketUrl));
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

    /// <summary>The own URL, then those of the region's other nodes; nodes that have none are left out.</summary>
    private string[] UrlsOf(Func<NodeCard, string> url) => [.. _lan.Values.Select(link => url(link.Peer)).Order().Prepend(url(Self)).Where(found => found.Length > 0)];
}

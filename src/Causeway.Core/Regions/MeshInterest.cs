using Causeway.Core.Interest;
using Causeway.Core.Links;
using Causeway.Core.Routing;

namespace Causeway.Core.Regions;

/// <summary>
/// What is told over a node's links, and what was heard: opens a stream for each table on each link, keeps what lost nodes and regions had
/// told until it can be gone on with, and chooses by whom each region is reached. Belongs to the mesh's thread.
/// </summary>
public sealed class MeshInterest
{
    private const int RemovedAtOnce = 20_000;

    private readonly Dictionary<ulong, InterestSource> _nodes = [];
    private readonly List<InterestSource> _regions = [];
    private readonly List<SourceTable> _abandoned = [];
    private readonly Dictionary<(ulong Peer, StreamKind Kind, string Region), KeptSender> _kept = [];
    private readonly Dictionary<(ulong Carrier, string Region), double> _roundTrips = [];
    private readonly LinkContext _context;
    private Mesh _mesh = null!;
    private InterestSource[] _routed = [];
    private InterestSource[] _lost = [];
    private bool _lostDue;

    /// <summary>Creates what is told by a node.</summary>
    public MeshInterest(LinkContext context) => _context = context;

    /// <summary>What this node and its region want.</summary>
    public NodeInterest Own => _context.Own;

    /// <summary>Who wants something: the nodes of the region, and the regions by each that carries them.</summary>
    public IEnumerable<InterestSource> Sources => _nodes.Values.Concat(_regions);

    /// <summary>Messages received over links, and what became of them.</summary>
    public Forwarder Forwarder => _context.Forwarder;

    internal void Begin(Mesh mesh) => _mesh = mesh;

    internal DataLane CreateLane(Link link, ILaneTransport transport) =>
        new(link, transport, _mesh.Limits, _context.Governor, _context.Receiver ?? _context.Forwarder, _context.MaxPayloadBytes);

    /// <summary>True if <paramref name="carrier"/> reaches <paramref name="region"/> and knows what it wants.</summary>
    internal bool IsServedBy(string region, ulong carrier) =>
        _regions.Exists(source => source.Region == region && source.Carrier == carrier && !source.IsOwnWan && source.IsReachable && source.IsKnown);

    internal void SetRoundTrip(ulong carrier, string region, double milliseconds) => _roundTrips[(carrier, region)] = milliseconds;

    internal void OnLinkUp(Link link)
    {
        if (link.IsWan)
        {
            if (!link.IsOutgoing)
            {
                Open(link, StreamKind.OwnRegion, "", Own.Region);
            }

            return;
        }

        if (!_nodes.TryGetValue(link.Peer.Id, out InterestSource? node))
        {
            _nodes[link.Peer.Id] = node = new InterestSource("", link.Peer.Id, link.Peer.Name);
        }

        node.Link = link;
        Open(link, StreamKind.Node, "", Own.Public);
        Open(link, StreamKind.Inboxes, "", Own.Inboxes);
        foreach (InterestSource region in _regions.Where(region => region.IsOwnWan))
        {
            OpenRegion(link, region);
        }
    }

    internal void OnDataUp(Link link)
    {
        foreach (InterestSource source in Sources.Where(source => source.Link == link))
        {
            source.Lane = link.Data;
        }

        Route();
    }

    internal void OnLinkDown(Link link)
    {
        foreach (InterestSource source in Sources.Where(source => source.Link == link))
        {
            Orphan(source);
        }

        Route();
    }

    /// <summary>The other side begins to tell of a table; returns where it goes, or null if it may not.</summary>
    internal SourceTable? OnStreamOpened(Link link, StreamKind kind, string region)
    {
        bool fits = kind switch
        {
            StreamKind.Node or StreamKind.Inboxes => !link.IsWan && region.Length == 0,
            StreamKind.Region => !link.IsWan && region.Length > 0 && region != _mesh.Self.Region,
            StreamKind.OwnRegion => link.IsWan && link.IsOutgoing && region.Length == 0,
            _ => false,
        };
        if (!fits)
        {
            return null;
        }

        InterestSource source = kind switch
        {
            StreamKind.Region => AdoptRegion(link, region),
            StreamKind.OwnRegion => AdoptRegion(link, link.Peer.Region),
            _ => _nodes[link.Peer.Id],
        };
        // What a region wants is the same table whoever tells of it.
        StreamKind held = kind == StreamKind.OwnRegion ? StreamKind.Region : kind;
        SourceTable? table = source.Find(held);
        if (table is null)
        {
            table = new SourceTable(held, source, _context);
            source.Add(table);
        }

        table.Begin();
        if (source.IsOwnWan)
        {
            foreach (Link lan in _mesh.Links.Where(other => !other.IsWan))
            {
                OpenRegion(lan, source);
            }
        }

        Route();
        return table;
    }

    internal void OnStreamClosed(Link link, InterestSource source)
    {
        if (source.IsRegion && source.Link == link)
        {
            Orphan(source);
            Route();
        }
    }

    internal void Check(long now)
    {
        long window = (long)_mesh.Limits.TakeoverWindow.TotalMilliseconds;
        long nodeWindow = Math.Min(window, (long)_mesh.Limits.LostNodeWindow.TotalMilliseconds);
        foreach (InterestSource source in Sources.Where(source => source.Link is null && now - source.OrphanedAt >= (source.IsRegion ? window : nodeWindow)).ToArray())
        {
            _lostDue |= source.IsRegion;
            if (!_regions.Remove(source))
            {
                _nodes.Remove(source.Carrier);
            }

            _abandoned.AddRange(source.Tables);
        }

        if (_abandoned.Count > 0 && _abandoned[^1].RemoveSome(RemovedAtOnce))
        {
            _abandoned[^1].Receiver.Dispose();
            _abandoned.RemoveAt(_abandoned.Count - 1);
        }

        foreach (KeyValuePair<(ulong, StreamKind, string), KeptSender> kept in _kept.Where(kept => kept.Value.Holder is null && now - kept.Value.LeftAt >= window).ToArray())
        {
            kept.Value.Sender.Dispose();
            _kept.Remove(kept.Key);
        }

        foreach (InterestSource source in _regions)
        {
            source.RoundTripMilliseconds = source.IsOwnWan
                ? source.Link!.Meter.RoundTripMilliseconds
                : _roundTrips.GetValueOrDefault((source.Carrier, source.Region), double.MaxValue);
        }

        Own.Check(_context.Governor);
        Route();
    }

    /// <summary>Gives everything back, as the node ends.</summary>
    public void Clear()
    {
        foreach (KeptSender kept in _kept.Values)
        {
            kept.Sender.Dispose();
        }

        _kept.Clear();
        foreach (SourceTable table in Sources.SelectMany(source => source.Tables).Concat(_abandoned).ToArray())
        {
            table.RemoveSome(int.MaxValue);
            table.Receiver.Dispose();
        }

        _nodes.Clear();
        _regions.Clear();
        _abandoned.Clear();
        _context.Remote.SetSources([], []);
    }

    /// <summary>Opens a stream of <paramref name="table"/> on a link, going on with the sender of the last link to that node if there is one.</summary>
    private void Open(Link link, StreamKind kind, string region, InterestTable table)
    {
        (ulong, StreamKind, string) key = (link.Peer.Id, kind, region);
        if (_kept.TryGetValue(key, out KeptSender? kept) && kept.Table != table)
        {
            kept.Sender.Dispose();
            kept = null;
        }

        kept ??= _kept[key] = new KeptSender(table, new InterestSender(table, _context.Account, _context.Compressor));
        ExportStream export = new(kind, region, kept, _mesh);
        kept.Take(export, link);
        link.Session.Open(export);
    }

    private void OpenRegion(Link lan, InterestSource region)
    {
        SourceTable? table = region.Find(StreamKind.Region);
        if (table is not null && !lan.Session.Exports.Any(export => export.Region == region.Region))
        {
            Open(lan, StreamKind.Region, region.Region, table.Table);
        }
    }

    /// <summary>
    /// The source of what <paramref name="region"/> wants as <paramref name="link"/> tells it. What another carrier had told before it
    /// was lost is the base: only what differs has to be told.
    /// </summary>
    private InterestSource AdoptRegion(Link link, string region)
    {
        ulong carrier = link.IsWan ? _mesh.Self.Id : link.Peer.Id;
        InterestSource? source = _regions.Find(known => known.Region == region && known.Carrier == carrier)
            ?? _regions.Find(known => known.Region == region && known.Link is null);
        if (source is null)
        {
            source = new InterestSource(region, carrier, _mesh.NameOf(carrier));
            _regions.Add(source);
        }

        _lostDue = true;
        source.MoveTo(carrier, _mesh.NameOf(carrier));
        source.Link = link;
        source.Lane = link.Data;
        return source;
    }

    private void Orphan(InterestSource source)
    {
        if (source.IsOwnWan)
        {
            foreach (Link lan in _mesh.Links.Where(other => !other.IsWan))
            {
                foreach (ExportStream export in lan.Session.Exports.Where(export => export.Region == source.Region).ToArray())
                {
                    lan.Session.Close(export);
                }
            }
        }

        _lostDue |= source.IsRegion;
        source.Lane = null;
        source.Link = null;
        source.OrphanedAt = _mesh.Now;
    }

    /// <summary>Sets where messages go: all nodes with a lane, and each region by one carrier, the owner if it knows what the region wants.</summary>
    private void Route()
    {
        InterestSource[] nodes = [.. _nodes.Values.Where(node => node.IsReachable)];
        InterestSource[] regions =
        [
            .. _regions.Where(region => region.IsReachable)
                .GroupBy(region => region.Region)
                .Select(carriers => carriers.OrderByDescending(carrier => carrier.IsKnown).ThenByDescending(carrier => Ownership.Weight(carrier.Carrier, carrier.Region)).First()),
        ];
        InterestSource[] all = [.. nodes, .. regions];
        bool isSame = all.SequenceEqual(_routed);
        if (isSame && !_lostDue)
        {
            return;
        }

        InterestSource[] lost = LostRegions(regions);
        _lostDue = false;
        if (isSame && lost.SequenceEqual(_lost))
        {
            return;
        }

        _routed = all;
        _lost = lost;
        _context.Directory.Set(nodes, regions, [.. _regions.Where(region => region.IsOwnWan && region.IsReachable)]);
        _context.Remote.SetSources(all, lost);
    }

    /// <summary>
    /// What is kept of regions that nobody reaches. Two may be kept of one region, each told by a carrier that is gone: one is enough to know what it
    /// misses.
    /// </summary>
    private InterestSource[] LostRegions(InterestSource[] reached) =>
    [
        .. _regions.Where(region => !Array.Exists(reached, one => one.Region == region.Region))
            .GroupBy(region => region.Region)
            .Select(carriers => carriers.OrderByDescending(carrier => carrier.IsKnown).First()),
    ];
}

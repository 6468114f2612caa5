using System.Diagnostics.Metrics;
using Causeway.Bus.Nodes;
using Causeway.Core.Links;
using Causeway.Core.Regions;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>
/// The instruments of links, interest and regions. Links are labelled by peer, region, kind and direction; beyond
/// <see cref="MaxPeers"/> different peers in the life of the process the rest go under one name. A link that is gone reads 0, as the
/// exporter goes on to show what it was told last. Nothing is measured on a node by itself.
/// </summary>
internal sealed class LinkMetrics
{
    /// <summary>Most different peers with a label of their own.</summary>
    public const int MaxPeers = 300;

    private const string OtherPeers = "other";

    private readonly MeshView _view;
    private readonly BusNode _node;
    private readonly Lock _lock = new();
    private readonly HashSet<(string Peer, string Region, string Kind, string Direction)> _peers = [];
    private readonly HashSet<string> _regions = [];
    private readonly long[] _controlBytes = new long[LinkRow.ControlFrames.Length];
    private Dictionary<Link, long[]> _counted = [];

    public LinkMetrics(BusNode node, Meter meter)
    {
        _node = node;
        _view = new MeshView(node);
        meter.CreateObservableGauge("causeway_links", () => ByState(), description: "Links, by kind and state.");
        meter.CreateObservableGauge("causeway_links_wanted", () => Wanted(), description: "Addresses that are dialled as a link is wanted and not up, by kind.");
        Gauge(meter, "causeway_link_up", "1 while there is a link, else 0.", _ => 1);
        Gauge(meter, "causeway_link_rtt_milliseconds", "Round trip.", link => link.RoundTripMilliseconds);
        Gauge(meter, "causeway_link_bytes_per_second", "Bytes a second, both ways together.", link => link.Meter.BytesPerSecond);
        Gauge(meter, "causeway_link_pending_bytes", "Bytes of messages that wait for a link.", link => link.Link.Data?.PendingBytes ?? 0);
        Gauge(meter, "causeway_link_held_bytes", "Memory that a link holds.", link => link.HeldBytes);
        Counter(meter, "causeway_link_messages_in", "Messages received over a link since it came up.", data => data.ReceivedMessages);
        Counter(meter, "causeway_link_messages_out", "Messages sent over a link since it came up.", data => data.SentMessages);
        Counter(meter, "causeway_link_in_bytes", "Bytes of messages received over a link since it came up.", data => data.ReceivedBytes);
        Counter(meter, "causeway_link_out_bytes", "Bytes of messages sent over a link since it came up.", data => data.SentBytes);
        meter.CreateObservableCounter("causeway_link_dropped_messages", Dropped, description: "Messages dropped for want of room on a link since it came up, by class.");
        meter.CreateObservableCounter("causeway_link_control_sent_bytes", ControlBytes, description: "Bytes sent on the control lanes of all links, by frame.");
        Total(meter, "causeway_links_opened", "Links that came up.", mesh => mesh.LinksOpened);
        Total(meter, "causeway_link_handshakes_failed", "Handshakes and dials that came to nothing.", mesh => mesh.HandshakesFailed);
        Total(meter, "causeway_link_dials_failed", "Dials that reached nobody.", mesh => mesh.DialsFailed);
        Total(meter, "causeway_link_unwanted_messages", "Messages that came for a fingerprint or widened pattern that nobody here asked for.", _ => Forwarder.Unwanted);
        Total(meter, "causeway_link_unroutable_messages", "Messages that could not be passed on to another region.", _ => Forwarder.Unroutable);
        Total(meter, "causeway_link_unreached_messages", "Messages not sent to a node or region that wants them, as no link led there.", _ => node.Mesh!.Context.Directory.Unreached);
        Total(meter, "causeway_link_lost_members", "Messages for a queue group whose members had left.", _ => Forwarder.LostMembers);
        meter.CreateObservableGauge("causeway_interest_entries", OwnEntries, description: "Entries of the own interest, by table.");
        meter.CreateObservableGauge("causeway_interest_remote_entries", () => RemoteEntries(), description: "Entries that nodes of the region and other regions ask for.");
        Own(meter, "causeway_interest_widened_prefixes", "Subject prefixes told as one pattern.", own => own.Widened.Count());
        Own(meter, "causeway_interest_oversized_subscriptions", "Subscriptions too long to be told over a link.", own => own.Oversized);
        Own(meter, "causeway_interest_held_bytes", "Bytes of all interest tables.", _ => node.Mesh!.InterestBytes);
        meter.CreateObservableGauge("causeway_region_owned", () => ByRegion(region => region.OwnedHere ? 1 : 0), description: "1 if this node should hold the link to the region.");
        meter.CreateObservableGauge("causeway_region_reachable", () => ByRegion(region => region.Carrier is null ? 0 : 1), description: "1 if messages can go to the region.");
    }

    private Core.Routing.Forwarder Forwarder => _node.Mesh!.Context.Forwarder;

    private static KeyValuePair<string, object?>[] Labels((string Peer, string Region, string Kind, string Direction) link) =>
        [new("peer", link.Peer), new("region", link.Region), new("kind", link.Kind), new("direction", link.Direction)];

    private void Gauge(Meter meter, string name, string description, Func<LinkRow, double> read) =>
        meter.CreateObservableGauge(name, () => ByLink(read), description: description);

    private void Counter(Meter meter, string name, string description, Func<DataLane, long> read) =>
        meter.CreateObservableCounter(name, () => ByLink(link => link.Link.Data is { } data ? read(data) : 0), description: description);

    private void Total(Meter meter, string name, string description, Func<MeshSnapshot, long> read) =>
        meter.CreateObservableCounter(name, () => _view.Recent() is { } mesh ? [new Measurement<long>(read(mesh))] : Array.Empty<Measurement<long>>(), description: description);

    private void Own(Meter meter, string name, string description, Func<NodeInterest, long> read) =>
        meter.CreateObservableGauge(
            name, () => _node.Mesh is { } mesh ? [new Measurement<long>(read(mesh.Context.Own))] : Array.Empty<Measurement<long>>(), description: description);

    /// <summary>What is read of each link; 0 for those that are gone.</summary>
    private IEnumerable<Measurement<double>> ByLink(Func<LinkRow, double> read)
    {
        if (_view.Recent() is not { } mesh)
        {
            return [];
        }

        lock (_lock)
        {
            Dictionary<(string Peer, string Region, string Kind, string Direction), double> values = _peers.ToDictionary(peer => peer, _ => 0.0);
            foreach (LinkRow link in mesh.Links)
            {
                (string, string, string, string) label = LabelOf(link);
                values[label] = values.GetValueOrDefault(label) + read(link);
            }

            return [.. values.Select(value => new Measurement<double>(value.Value, Labels(value.Key)))];
        }
    }

    private (string Peer, string Region, string Kind, string Direction) LabelOf(LinkRow link)
    {
        (string, string, string, string) label = (link.Peer.Name, link.Peer.Region, link.Kind, link.Direction);
        if (_peers.Contains(label) || _peers.Count < MaxPeers)
        {
            _peers.Add(label);
            return label;
        }

        return (OtherPeers, OtherPeers, link.Kind, link.Direction);
    }

    private IEnumerable<Measurement<double>> Dropped() => Enum.GetValues<MessageClass>().SelectMany(kind =>
        ByLink(link => link.Link.Data?.Dropped(kind) ?? 0)
            .Select(dropped => new Measurement<double>(dropped.Value, [.. dropped.Tags, new("class", JsonFormat.Name(kind))])));

    private IEnumerable<Measurement<long>> ByState() => _view.Recent() is not { } mesh ? [] :
        from kind in (string[])["lan", "wan"]
        from state in LinkRow.States
        select new Measurement<long>(mesh.Links.Count(link => link.Kind == kind && link.State == state), new KeyValuePair<string, object?>("kind", kind), new("state", state));

    private IEnumerable<Measurement<long>> Wanted() => _view.Recent() is not { } mesh ? [] :
        [
            new Measurement<long>(mesh.Wanted.Count(wanted => !wanted.IsWan), new KeyValuePair<string, object?>("kind", "lan")),
            new Measurement<long>(mesh.Wanted.Count(wanted => wanted.IsWan), new KeyValuePair<string, object?>("kind", "wan")),
        ];

    /// <summary>Sums up over links that come and go: what one sent after it was read last is left out.</summary>
    private IEnumerable<Measurement<long>> ControlBytes()
    {
        if (_view.Recent() is not { } mesh)
        {
            return [];
        }

        lock (_lock)
        {
            foreach (LinkRow link in mesh.Links)
            {
                long[]? before = _counted.GetValueOrDefault(link.Link);
                for (int i = 0; i < _controlBytes.Length; i++)
                {
                    _controlBytes[i] += link.ControlSentBytes[i] - (before?[i] ?? 0);
                }
            }

            _counted = mesh.Links.ToDictionary(link => link.Link, link => link.ControlSentBytes);
            return [.. LinkRow.ControlFrames.Select((kind, i) => new Measurement<long>(_controlBytes[i], new KeyValuePair<string, object?>("frame", JsonFormat.Name(kind))))];
        }
    }

    private IEnumerable<Measurement<long>> OwnEntries() => _node.Mesh?.Context.Own is not { } own ? [] :
        [
            new Measurement<long>(own.Public.Literals + own.Public.Texts, new KeyValuePair<string, object?>("table", "public")),
            new Measurement<long>(own.Inboxes.Literals + own.Inboxes.Texts, new KeyValuePair<string, object?>("table", "inboxes")),
            new Measurement<long>(own.Region.Literals + own.Region.Texts, new KeyValuePair<string, object?>("table", "region")),
        ];

    private IEnumerable<Measurement<long>> RemoteEntries() => _view.Recent() is not { } mesh ? [] :
        [
            new Measurement<long>(mesh.Sources.Where(source => !source.Source.IsRegion).Sum(source => source.Entries), new KeyValuePair<string, object?>("region", mesh.Self.Region)),
            .. ByRegion(region => region.Carrier?.Entries ?? 0),
        ];

    /// <summary>What is read of each other region; 0 for those that are no longer known.</summary>
    private IEnumerable<Measurement<long>> ByRegion(Func<RegionRow, long> read)
    {
        if (_view.Recent() is not { } mesh)
        {
            return [];
        }

        lock (_lock)
        {
            Dictionary<string, RegionRow> known = mesh.Regions.ToDictionary(region => region.Name);
            _regions.UnionWith(known.Keys.Take(Math.Max(0, MaxPeers - _regions.Count)));
            return [.. _regions.Select(name => new Measurement<long>(known.TryGetValue(name, out RegionRow? region) ? read(region) : 0, new KeyValuePair<string, object?>("region", name)))];
        }
    }
}

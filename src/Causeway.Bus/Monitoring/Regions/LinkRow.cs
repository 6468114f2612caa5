using Causeway.Core.Links;
using Causeway.Core.Regions;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>One link as it was when the mesh was asked.</summary>
internal sealed record LinkRow
{
    public const string Up = "up";
    public const string Quiet = "quiet";
    public const string NoDataLane = "no_data_lane";

    /// <summary>The states that a link can be in.</summary>
    public static readonly string[] States = [Up, Quiet, NoDataLane];

    /// <summary>The kinds of frames that the control lane of a link that is up can send.</summary>
    public static readonly LinkFrameKind[] ControlFrames =
        [.. Enum.GetValues<LinkFrameKind>().Where(kind => kind >= LinkFrameKind.Ping)];

    /// <summary>The link itself, to tell it from another with the same peer.</summary>
    public required Link Link { get; init; }

    public required string State { get; init; }

    /// <summary>Who should hold the link to the peer's region; null for links that are not for this side to hold.</summary>
    public string? Owner { get; init; }

    /// <summary>The node by which messages to the peer's region go at present; null as <see cref="Owner"/>, or if they go nowhere.</summary>
    public string? Carrier { get; init; }

    public required long UptimeMilliseconds { get; init; }

    public required long LastReceivedMilliseconds { get; init; }

    /// <summary>Bytes sent by the control lane, in the order of <see cref="ControlFrames"/>.</summary>
    public required long[] ControlSentBytes { get; init; }

    public required IReadOnlyList<ExportRow> Exports { get; init; }

    public required IReadOnlyList<ImportRow> Imports { get; init; }

    public NodeCard Peer => Link.Peer;

    public LinkMeter Meter => Link.Meter;

    public string Kind => Link.IsWan ? "wan" : "lan";

    public string Direction => Link.IsOutgoing ? "out" : "in";

    /// <summary>0 below a millisecond, and before the first heartbeat came back.</summary>
    public double RoundTripMilliseconds => Meter.RoundTripMilliseconds;

    /// <summary>What its connections hold of the node's memory.</summary>
    public long HeldBytes => Link.Control.HeldBytes + (Link.Data?.HeldBytes ?? 0);

    /// <summary>Looks at a link, on the mesh's thread.</summary>
    public static LinkRow Of(Link link, Mesh mesh)
    {
        bool isHeldHere = link.IsWan && link.IsOutgoing;
        InterestSource? routed = isHeldHere ? mesh.Interest.Sources.FirstOrDefault(source => source.Region == link.Peer.Region && source.IsRouted) : null;
        return new LinkRow
        {
            Link = link,
            State = StateOf(link, mesh.Now),
            Owner = isHeldHere ? mesh.NameOf(mesh.OwnerOf(link.Peer.Region)) : null,
            Carrier = routed?.CarrierName,
            UptimeMilliseconds = mesh.Now - link.UpSince,
            LastReceivedMilliseconds = mesh.Now - link.Meter.LastReceived,
            ControlSentBytes = [.. ControlFrames.Select(link.Session.SentBytes)],
            Exports = [.. link.Session.Exports.Select(ExportRow.Of)],
            Imports = [.. link.Session.Imports.Select(ImportRow.Of)],
        };
    }

    /// <summary>The state of a link, on the mesh's thread.</summary>
    public static string StateOf(Link link, long now) =>
        link.Data is not { IsClosed: false } ? NoDataLane : link.Meter.IsQuiet(now) ? Quiet : Up;
}

using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Core.Links;
using Causeway.Core.Routing;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary><c>/linkz</c>: the links to other nodes, what they carry and hold, and those that are wanted and not up.</summary>
internal sealed class LinkzPage(BusNode node, MeshView view)
{
    private const int DefaultLimit = 1024;

    public async Task WriteAsync(Utf8JsonWriter json, PageQuery query)
    {
        int limit = query.Number("limit", DefaultLimit);
        int offset = query.Number("offset", 0);
        MeshSnapshot? mesh = await view.TakeAsync().ConfigureAwait(false);
        IReadOnlyList<LinkRow> links = mesh?.Links ?? [];
        LinkRow[] page = [.. links.OrderBy(link => link.Kind).ThenBy(link => link.Peer.Region, StringComparer.Ordinal).ThenBy(link => link.Peer.Name, StringComparer.Ordinal).Skip(offset).Take(limit)];
        json.WriteStartObject();
        MeshHead.Write(json, node, mesh);
        json.WriteNumber("links_opened", mesh?.LinksOpened ?? 0);
        json.WriteNumber("handshakes_failed", mesh?.HandshakesFailed ?? 0);
        json.WriteNumber("dials_failed", mesh?.DialsFailed ?? 0);
        json.WriteNumber("members_refused", mesh?.MembersRefused ?? 0);
        Forwarder? forwarder = node.Mesh?.Context.Forwarder;
        json.WriteNumber("unwanted", forwarder?.Unwanted ?? 0);
        json.WriteNumber("unroutable", forwarder?.Unroutable ?? 0);
        json.WriteNumber("unreached", node.Mesh?.Context.Directory.Unreached ?? 0);
        json.WriteNumber("lost_members", forwarder?.LostMembers ?? 0);
        json.WriteNumber("total", links.Count);
        json.WriteNumber("offset", offset);
        json.WriteNumber("limit", limit);
        json.WriteStartArray("links");
        foreach (LinkRow link in page)
        {
            Write(json, link);
        }

        json.WriteEndArray();
        json.WriteStartArray("wanted");
        foreach (WantedLink wanted in mesh?.Wanted ?? [])
        {
            Write(json, wanted);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, LinkRow link)
    {
        json.WriteStartObject();
        json.WriteString("peer", link.Peer.Name);
        json.WriteString("region", link.Peer.Region);
        json.WriteString("address", link.Link.Control.RemoteAddress);
        json.WriteString("kind", link.Kind);
        json.WriteString("direction", link.Direction);
        json.WriteString("state", link.State);
        json.WriteString("owner", link.Owner);
        json.WriteString("carrier", link.Carrier);
        json.WriteMeasure("rtt_ms", link.RoundTripMilliseconds);
        json.WriteNumber("bytes_per_second", Math.Round(link.Meter.BytesPerSecond));
        json.WriteNumber("stall_timeout_ms", link.Meter.StallMilliseconds);
        json.WriteString("uptime", JsonFormat.Uptime(TimeSpan.FromMilliseconds(link.UptimeMilliseconds)));
        json.WriteNumber("uptime_ms", link.UptimeMilliseconds);
        json.WriteNumber("last_received_ms", link.LastReceivedMilliseconds);
        json.WriteNumber("held_bytes", link.HeldBytes);
        json.WriteNumber("resyncs", link.Exports.Sum(export => export.Counters.FullRounds));
        WriteMessages(json, link.Link.Data);
        WriteControl(json, link);
        json.WriteStartArray("exports");
        foreach (ExportRow export in link.Exports)
        {
            export.Write(json);
        }

        json.WriteEndArray();
        json.WriteStartArray("imports");
        foreach (ImportRow import in link.Imports)
        {
            import.Write(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMessages(Utf8JsonWriter json, DataLane? data)
    {
        json.WriteNumber("pending_bytes", data?.PendingBytes ?? 0);
        json.WriteNumber("in_msgs", data?.ReceivedMessages ?? 0);
        json.WriteNumber("out_msgs", data?.SentMessages ?? 0);
        json.WriteNumber("in_bytes", data?.ReceivedBytes ?? 0);
        json.WriteNumber("out_bytes", data?.SentBytes ?? 0);
        json.WriteStartObject("dropped");
        foreach (MessageClass kind in Enum.GetValues<MessageClass>())
        {
            json.WriteStartObject(JsonFormat.Name(kind));
            json.WriteNumber("msgs", data?.Dropped(kind) ?? 0);
            json.WriteNumber("bytes", data?.DroppedBytes(kind) ?? 0);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteControl(Utf8JsonWriter json, LinkRow link)
    {
        json.WriteStartObject("control");
        json.WriteNumber("in_bytes", link.Meter.ReceivedBytes);
        json.WriteNumber("out_bytes", link.Meter.SentBytes);
        json.WriteStartObject("out_bytes_by_frame");
        for (int i = 0; i < LinkRow.ControlFrames.Length; i++)
        {
            json.WriteNumber(JsonFormat.Name(LinkRow.ControlFrames[i]), link.ControlSentBytes[i]);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, WantedLink wanted)
    {
        json.WriteStartObject();
        json.WriteString("kind", wanted.IsWan ? "wan" : "lan");
        json.WriteString("region", wanted.Region);
        json.WriteString("address", wanted.Address);
        json.WriteString("node", wanted.Node);
        json.WriteString("last_failure", wanted.LastFailure);
        json.WriteEndObject();
    }
}

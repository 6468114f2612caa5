using System.Text.Json;
using Causeway.Bus.Nodes;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>
/// <c>/gatewayz</c>: the links to other regions, in nats-server's names and types: out by region those that this node dialled, by which
/// messages leave, and in those by which they come. <c>gw_name</c> picks one region.
/// </summary>
internal sealed class GatewayzPage(BusNode node, MeshView view)
{
    public async Task WriteAsync(Utf8JsonWriter json, PageQuery query)
    {
        // Interest is told for all tenants together, so there is nothing to list by account.
        _ = query.Boolean("accs");
        string? only = query.Text("gw_name");
        MeshSnapshot? mesh = await view.TakeAsync().ConfigureAwait(false);
        LinkRow[] links = [.. (mesh?.Links ?? []).Where(link => link.Link.IsWan && (only is null || link.Peer.Region == only))];
        json.WriteStartObject();
        json.WriteString("server_id", node.Info.ServerId);
        json.WriteString("now", DateTime.UtcNow);
        if (node.LinkAddress is { } address)
        {
            json.WriteString("name", node.Options.Links!.Region);
            json.WriteString("host", address.Address.ToString());
            json.WriteNumber("port", address.Port);
        }

        json.WriteStartObject("outbound_gateways");
        foreach (LinkRow link in links.Where(link => link.Link.IsOutgoing).DistinctBy(link => link.Peer.Region))
        {
            json.WritePropertyName(link.Peer.Region);
            Write(json, link);
        }

        json.WriteEndObject();
        json.WriteStartObject("inbound_gateways");
        foreach (IGrouping<string, LinkRow> region in links.Where(link => !link.Link.IsOutgoing).GroupBy(link => link.Peer.Region))
        {
            json.WriteStartArray(region.Key);
            foreach (LinkRow link in region)
            {
                Write(json, link);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, LinkRow link)
    {
        LinkFace face = new(link, DateTime.UtcNow);
        json.WriteStartObject();
        json.WriteBoolean("configured", link.Link.IsOutgoing && node.Options.Links!.Remotes.Any(remote => remote.Region == link.Peer.Region));
        json.WriteStartObject("connection");
        json.WriteNumber("cid", face.Number);
        json.WriteString("kind", "Gateway");
        face.WriteTimes(json);
        json.WriteNumber("pending_bytes", face.PendingBytes);
        face.WriteTraffic(json);
        json.WriteString("name", link.Peer.Name);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

using System.Text.Json;
using Causeway.Bus.Nodes;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>
/// <c>/routez</c>: the links to the other nodes of the region, in nats-server's names and types. <c>/linkz</c> says more of them.
/// </summary>
internal sealed class RoutezPage(BusNode node, MeshView view)
{
    public async Task WriteAsync(Utf8JsonWriter json, PageQuery query)
    {
        // What another node asks for is known by fingerprints and not by name: there is nothing to list.
        _ = query.Subscriptions();
        MeshSnapshot? mesh = await view.TakeAsync().ConfigureAwait(false);
        LinkRow[] routes = [.. (mesh?.Links ?? []).Where(link => !link.Link.IsWan).OrderBy(link => link.Peer.Name, StringComparer.Ordinal)];
        json.WriteStartObject();
        json.WriteString("server_id", node.Info.ServerId);
        json.WriteString("server_name", node.Info.ServerName);
        json.WriteString("now", DateTime.UtcNow);
        json.WriteNumber("num_routes", routes.Length);
        json.WriteStartArray("routes");
        foreach (LinkRow route in routes)
        {
            Write(json, route);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, LinkRow link)
    {
        LinkFace face = new(link, DateTime.UtcNow);
        json.WriteStartObject();
        json.WriteNumber("rid", face.Number);
        json.WriteString("remote_id", face.RemoteId);
        json.WriteString("remote_name", link.Peer.Name);
        json.WriteBoolean("did_solicit", link.Link.IsOutgoing);
        json.WriteBoolean("is_configured", node.Options.Links!.Peers.Contains(link.Peer.LinkAddress) || node.Options.Links.Peers.Contains(link.Link.Control.RemoteAddress));
        face.WriteTimes(json);
        json.WriteNumber("pending_size", face.PendingBytes);
        face.WriteTraffic(json);
        json.WriteEndObject();
    }
}

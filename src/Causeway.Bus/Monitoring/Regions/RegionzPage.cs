using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Core.Links;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary><c>/regionz</c>: the nodes of this region and whether they are linked, and the other regions and how they are reached.</summary>
internal sealed class RegionzPage(BusNode node, MeshView view)
{
    public async Task WriteAsync(Utf8JsonWriter json, PageQuery query)
    {
        _ = query;
        MeshSnapshot? mesh = await view.TakeAsync().ConfigureAwait(false);
        json.WriteStartObject();
        MeshHead.Write(json, node, mesh);
        json.WriteStartArray("members");
        foreach (MemberRow member in mesh?.Members ?? [])
        {
            json.WriteStartObject();
            json.WriteString("name", member.Card.Name);
            json.WriteString("link_address", member.Card.LinkAddress);
            json.WriteString("client_url", member.Card.ClientUrl);
            json.WriteString("state", member.State);
            json.WriteString("last_failure", member.LastFailure);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("regions");
        foreach (RegionRow region in mesh?.Regions ?? [])
        {
            Write(json, region);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RegionRow region)
    {
        json.WriteStartObject();
        json.WriteString("name", region.Name);
        json.WriteString("owner", region.Owner);
        json.WriteBoolean("owned_here", region.OwnedHere);
        json.WriteString("own_link", region.OwnLinkState);
        json.WriteString("carrier", region.Carrier?.Source.CarrierName);
        json.WriteBoolean("reachable", region.Carrier is not null);
        json.WriteBoolean("known", region.Carrier?.Known ?? false);
        json.WriteMeasure("rtt_ms", region.Carrier?.RoundTripMilliseconds);
        json.WriteNumber("entries", region.Carrier?.Entries ?? 0);
        json.WriteStartArray("carriers");
        foreach (SourceRow carrier in region.Carriers)
        {
            json.WriteStringValue(carrier.Source.CarrierName);
        }

        json.WriteEndArray();
        json.WriteStartArray("contacts");
        foreach (NodeCard contact in region.Contacts)
        {
            json.WriteStartObject();
            json.WriteString("name", contact.Name);
            json.WriteString("link_address", contact.LinkAddress);
            json.WriteString("client_url", contact.ClientUrl);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

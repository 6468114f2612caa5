using System.Text.Json;
using Causeway.Bus.Nodes;

namespace Causeway.Bus.Monitoring.Tenants;

/// <summary><c>/accstatz</c>: tenants in numbers, in nats-server's names and types; those with clients, and all with <c>unused=1</c>.</summary>
internal sealed class AccstatzPage(BusNode node)
{
    public void Write(Utf8JsonWriter json, PageQuery query) => Write(json, query.Boolean("unused"), null);

    /// <summary>Writes the page, of the tenants that are <paramref name="named"/> if any are.</summary>
    public void Write(Utf8JsonWriter json, bool unused, IReadOnlyCollection<string>? named)
    {
        json.WriteStartObject();
        json.WriteString("server_id", node.Info.ServerId);
        json.WriteString("now", DateTime.UtcNow);
        json.WriteStartArray("account_statz");
        foreach (TenantStat stat in TenantStat.All(node))
        {
            if (named is null ? unused || stat.Connections + stat.Leafs > 0 : named.Contains(stat.Tenant.Name))
            {
                json.WriteStartObject();
                stat.Write(json);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

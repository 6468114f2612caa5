using System.Text;
using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Core.Routing;

namespace Causeway.Bus.Monitoring.Tenants;

/// <summary><c>/accountz</c>: the tenants by name, or one of them in detail (<c>acc</c>), in nats-server's names and types.</summary>
internal sealed class AccountzPage(BusNode node)
{
    public void Write(Utf8JsonWriter json, PageQuery query)
    {
        string? account = query.Text("acc");
        Tenant? tenant = account is null ? null : Find(account);
        json.WriteStartObject();
        json.WriteString("server_id", node.Info.ServerId);
        json.WriteString("now", DateTime.UtcNow);
        json.WriteString("system_account", node.Context.Access.SystemTenant);
        if (tenant is not null)
        {
            json.WritePropertyName("account_detail");
            WriteDetail(json, tenant);
        }
        else
        {
            json.WriteStartArray("accounts");
            foreach (string name in node.Context.Tenants.All.Select(one => one.Name).Order(StringComparer.Ordinal))
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>The tenant of a name, which must be one.</summary>
    public Tenant Find(string account) =>
        node.Context.Tenants.Find(Encoding.UTF8.GetBytes(account)) ?? throw new PageQueryException($"Account {account} does not exist");

    /// <summary>What is known of a tenant.</summary>
    public void WriteDetail(Utf8JsonWriter json, Tenant tenant)
    {
        json.WriteStartObject();
        json.WriteString("account_name", tenant.Name);
        json.WriteString("update_time", node.Access.LoadedAt.UtcDateTime);
        if (tenant.Name == node.Context.Access.SystemTenant)
        {
            json.WriteBoolean("is_system", true);
        }

        json.WriteBoolean("expired", false);
        json.WriteBoolean("complete", true);
        json.WriteBoolean("jetstream_enabled", false);
        json.WriteNumber("leafnode_connections", node.LeafsUp.Count(leaf => leaf.Session.Tenant!.Tenant == tenant));
        json.WriteNumber("client_connections", tenant.Connections);
        json.WriteNumber("subscriptions", tenant.Subscriptions.Count);
        json.WriteStartObject("sublist_stats");
        json.WriteNumber("num_subscriptions", tenant.Subscriptions.Count);
        json.WriteNumber("num_cache", 0);
        json.WriteNumber("num_inserts", tenant.Subscriptions.Inserts);
        json.WriteNumber("num_removes", tenant.Subscriptions.Inserts - tenant.Subscriptions.Count);
        json.WriteNumber("num_matches", 0);
        json.WriteNumber("cache_hit_rate", 0);
        json.WriteNumber("max_fanout", 0);
        json.WriteNumber("avg_fanout", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Core.Routing;

namespace Causeway.Bus.Monitoring.Tenants;

/// <summary>A tenant's clients on this node in numbers, as nats-server's pages and events have them.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Connections">Its clients.</param>
/// <param name="Leafs">Its leaf nodes.</param>
/// <param name="Totals">What its clients, those that are gone included, have sent and got.</param>
internal readonly record struct TenantStat(Tenant Tenant, int Connections, int Leafs, TenantTotals Totals)
{
    public static TenantStat Of(BusNode node, Tenant tenant) =>
        new(tenant, tenant.Connections, node.LeafsUp.Count(leaf => leaf.Session.Tenant!.Tenant == tenant), node.Connections.TotalsOf(tenant));

    /// <summary>All tenants, in the order of their names; one question of the connections for all of them.</summary>
    public static IReadOnlyList<TenantStat> All(BusNode node)
    {
        Dictionary<Tenant, TenantTotals> totals = node.Connections.TotalsByTenant();
        ILookup<string, Leafs.LeafUp> leafs = node.LeafsUp.ToLookup(leaf => leaf.Session.Tenant!.Tenant.Name);
        return [.. node.Context.Tenants.All.OrderBy(tenant => tenant.Name, StringComparer.Ordinal)
            .Select(tenant => new TenantStat(tenant, tenant.Connections, leafs[tenant.Name].Count(), totals.GetValueOrDefault(tenant)))];
    }

    /// <summary>The fields, into an object that is open. What clients got is sent, what they published received.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("acc", Tenant.Name);
        json.WriteNumber("conns", Connections);
        json.WriteNumber("leafnodes", Leafs);
        json.WriteNumber("total_conns", Connections + Leafs);
        json.WriteNumber("num_subscriptions", Tenant.Subscriptions.Count);
        json.WriteData("sent", Totals.Traffic.OutMessages, Totals.Traffic.OutBytes);
        json.WriteData("received", Totals.Traffic.InMessages, Totals.Traffic.InBytes);
        json.WriteNumber("slow_consumers", Totals.SlowConsumers);
    }
}

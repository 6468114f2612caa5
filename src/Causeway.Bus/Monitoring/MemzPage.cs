using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Bus.Transport;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Causeway.Core.Routing;

namespace Causeway.Bus.Monitoring;

/// <summary>
/// <c>/memz</c>: who holds memory. The budget and the governor's rung; every use with its baseline, growth and time to exhaustion;
/// the event loops' accounts, the largest clients (<c>?limit=</c>), and the subject prefixes (<c>?tokens=</c>) that subscriptions
/// and waiting bytes are for.
/// </summary>
internal sealed class MemzPage(BusNode node)
{
    private const int DefaultTop = 10;
    private const int MaxTop = 100_000;
    private const int DefaultTokens = 2;

    public void Write(Utf8JsonWriter json, PageQuery query)
    {
        int limit = Math.Clamp(query.Number("limit", DefaultTop), 1, MaxTop);
        int tokens = Math.Max(1, query.Number("tokens", DefaultTokens));
        MemoryBudget budget = node.Context.Budget;
        json.WriteStartObject();
        json.WriteString("now", DateTime.UtcNow);
        WriteBudget(json, budget);
        WriteProcess(json);
        json.WriteStartArray("uses");
        foreach (MemoryUse use in Enum.GetValues<MemoryUse>())
        {
            json.WriteStartObject();
            json.WriteString("use", JsonNamingPolicy.SnakeCaseLower.ConvertName(use.ToString()));
            json.WriteNumber("bytes", budget.TotalOf(use));
            WriteGrowth(json, node.Memory.ByUse[(int)use], budget.LimitBytes - budget.Total + budget.TotalOf(use));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteAccounts(json, limit);
        WriteTenants(json, limit);
        json.WriteStartObject("top_prefixes");
        PrefixAttribution.WriteSubscriptions(json, node.Context.Tenants.All, tokens, limit);
        PrefixAttribution.WritePending(json, node.Connections.Open, tokens, limit);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>What the clients of each tenant hold together, most first.</summary>
    private void WriteTenants(Utf8JsonWriter json, int limit)
    {
        Dictionary<Tenant, long> bytes = node.Context.Tenants.All.ToDictionary(tenant => tenant, _ => 0L);
        foreach (ClientSession session in node.Connections.Open.Select(connection => connection.Session))
        {
            bytes[session.Tenant] = bytes.GetValueOrDefault(session.Tenant) + session.Account.Bytes;
        }

        json.WriteStartArray("tenants");
        foreach ((Tenant tenant, long held) in bytes.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key.Name, StringComparer.Ordinal).Take(limit))
        {
            json.WriteStartObject();
            json.WriteString("tenant", tenant.Name);
            json.WriteNumber("bytes", held);
            json.WriteNumber("max_percent", tenant.TenantLimits.MaxMemoryPercent);
            json.WriteBoolean("over_share", tenant.IsOverShare);
            json.WriteNumber("connections", tenant.Connections);
            json.WriteNumber("refused_connections", tenant.RefusedConnections);
            json.WriteNumber("subscriptions", tenant.Subscriptions.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteBudget(Utf8JsonWriter json, MemoryBudget budget)
    {
        Governor governor = node.Context.Governor;
        json.WriteStartObject("budget");
        json.WriteNumber("limit_bytes", budget.LimitBytes);
        json.WriteNumber("used_bytes", budget.Total);
        json.WriteNumber("used_share", Math.Round((double)budget.Total / budget.LimitBytes, 4));
        json.WriteNumber("peak_bytes", budget.Peak);
        WriteGrowth(json, node.Memory.Total, budget.LimitBytes);
        json.WriteNumber("refused_leases", budget.Refusals);
        json.WriteNumber("leaked_accounts", budget.Leaks);
        json.WriteNumber("leaked_bytes", budget.LeakedBytes);
        json.WriteEndObject();
        json.WriteStartObject("governor");
        json.WriteString("step", JsonNamingPolicy.SnakeCaseLower.ConvertName(governor.Step.ToString()));
        json.WriteStartArray("ladder");
        foreach (GovernorStep step in Enum.GetValues<GovernorStep>().Where(step => step != GovernorStep.Calm))
        {
            json.WriteStartObject();
            json.WriteString("step", JsonNamingPolicy.SnakeCaseLower.ConvertName(step.ToString()));
            json.WriteNumber("at_share", Governor.Threshold(step));
            json.WriteNumber("times_entered", governor.TimesEntered(step));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("shed_clients", governor.ShedClients);
        json.WriteNumber("shed_bytes", governor.ShedBytes);
        json.WriteNumber("refused_connections", governor.RefusedConnections);
        json.WriteNumber("refused_subscriptions", governor.RefusedSubscriptions);
        json.WriteEndObject();
    }

    private void WriteProcess(Utf8JsonWriter json)
    {
        GCMemoryInfo collector = GC.GetGCMemoryInfo();
        json.WriteStartObject("process");
        json.WriteNumber("resident_bytes", MemoryWatch.ProcessBytes);
        json.WriteNumber("limit_bytes", node.Memory.ProcessLimitBytes);
        json.WriteNumber("heap_bytes", GC.GetTotalMemory(forceFullCollection: false));
        json.WriteNumber("committed_bytes", collector.TotalCommittedBytes);
        json.WriteNumber("collections_gen0", GC.CollectionCount(0));
        json.WriteNumber("collections_gen1", GC.CollectionCount(1));
        json.WriteNumber("collections_gen2", GC.CollectionCount(2));
        json.WriteNumber("allocated_bytes", GC.GetTotalAllocatedBytes());
        json.WriteEndObject();
    }

    private static void WriteGrowth(Utf8JsonWriter json, GrowthMeter meter, long limitBytes)
    {
        json.WriteNumber("baseline_bytes", meter.BaselineBytes);
        json.WriteNumber("growth_bytes_per_second", Math.Round(meter.BytesPerSecond));
        if (meter.SecondsUntil(limitBytes) is { } seconds)
        {
            json.WriteNumber("seconds_to_exhaustion", Math.Round(seconds));
        }
        else
        {
            json.WriteNull("seconds_to_exhaustion");
        }
    }

    private void WriteAccounts(Utf8JsonWriter json, int limit)
    {
        List<ClientConnection> clients = [.. node.Connections.Open];
        json.WriteNumber("accounts", clients.Count + node.Loops.Count + 1 + (2 * node.LeafsUp.Count));
        json.WriteStartArray("node_accounts");
        foreach (MemoryAccount account in node.Loops.Select(loop => loop.Account).Append(node.Context.Pool.IdleAccount).Concat(node.LeafsUp.SelectMany(leaf => (MemoryAccount[])[leaf.Session.Account, leaf.Buffers])))
        {
            json.WriteStartObject();
            WriteAccount(json, account);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("top_clients");
        foreach (ClientConnection client in clients.OrderByDescending(client => client.Session.Account.Bytes).Take(limit))
        {
            json.WriteStartObject();
            json.WriteNumber("cid", client.Session.Id);
            json.WriteString("name", client.Session.Options.Name);
            json.WriteString("ip", client.Session.Address);
            WriteAccount(json, client.Session.Account);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAccount(Utf8JsonWriter json, MemoryAccount account)
    {
        json.WriteString("account", account.Name);
        json.WriteNumber("bytes", account.Bytes);
        foreach (MemoryUse use in Enum.GetValues<MemoryUse>())
        {
            if (account.BytesOf(use) != 0)
            {
                json.WriteNumber(JsonNamingPolicy.SnakeCaseLower.ConvertName(use.ToString()) + "_bytes", account.BytesOf(use));
            }
        }
    }
}

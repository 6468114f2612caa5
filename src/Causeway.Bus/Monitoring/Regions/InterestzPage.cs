using System.Text;
using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Core.Interest;
using Causeway.Core.Memory;
using Causeway.Core.Regions;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>
/// <c>/interestz</c>: what this node and its region ask of others, what others ask, and what that holds of memory; the subject
/// prefixes (<c>?tokens=</c>) that the own interest is for.
/// </summary>
internal sealed class InterestzPage(BusNode node, MeshView view)
{
    private const int DefaultLimit = 1024;
    private const int DefaultTop = 10;
    private const int MaxTop = 10_000;
    private const int DefaultTokens = 2;

    public async Task WriteAsync(Utf8JsonWriter json, PageQuery query)
    {
        int limit = query.Number("limit", DefaultLimit);
        int offset = query.Number("offset", 0);
        int top = Math.Min(query.Number("top", DefaultTop), MaxTop);
        int tokens = Math.Max(1, query.Number("tokens", DefaultTokens));
        MeshSnapshot? mesh = await view.TakeAsync().ConfigureAwait(false);
        NodeInterest? own = node.Mesh?.Context.Own;
        json.WriteStartObject();
        MeshHead.Write(json, node, mesh);
        json.WriteNumber("interest_bytes", node.Mesh?.InterestBytes ?? 0);
        json.WriteNumber("interest_bytes_of_budget", node.Context.Budget.TotalOf(MemoryUse.Interest));
        WriteTold(json, own);
        json.WriteStartObject("own");
        if (own is not null)
        {
            Write(json, "public", own.Public);
            Write(json, "inboxes", own.Inboxes);
            Write(json, "region", own.Region);
        }

        json.WriteEndObject();
        WriteSources(json, mesh?.Sources ?? [], offset, limit);
        WriteWidened(json, own);
        json.WriteStartObject("top_prefixes");
        if (own is not null && top > 0)
        {
            PrefixAttribution.WriteSubscriptions(
                json, node.Context.Tenants.All, tokens, top, subscription => !NodeInterest.IsInbox(subscription.Subject));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Every subscription, against the entries that others are told for them.</summary>
    private void WriteTold(Utf8JsonWriter json, NodeInterest? own)
    {
        json.WriteStartObject("told");
        json.WriteNumber("subscriptions", node.Context.Tenants.Subscriptions);
        json.WriteNumber("to_nodes", own is null ? 0 : Entries(own.Public) + Entries(own.Inboxes));
        json.WriteNumber("to_regions", own is null ? 0 : Entries(own.Region));
        json.WriteNumber("oversized", own?.Oversized ?? 0);
        json.WriteEndObject();
    }

    private static long Entries(InterestTable table) => table.Literals + table.Texts;

    private static void Write(Utf8JsonWriter json, string name, InterestTable table)
    {
        json.WriteStartObject(name);
        json.WriteNumber("literals", table.Literals);
        json.WriteNumber("texts", table.Texts);
        json.WriteNumber("tombstones", table.Tombstones);
        json.WriteNumber("version", table.Version);
        json.WriteNumber("horizon", table.Horizon);
        json.WriteNumber("bytes", table.MemoryBytes);
        json.WriteNumber("evictions", table.Evictions);
        json.WriteEndObject();
    }

    private static void WriteSources(Utf8JsonWriter json, IReadOnlyList<SourceRow> sources, int offset, int limit)
    {
        json.WriteNumber("total", sources.Count);
        json.WriteNumber("offset", offset);
        json.WriteNumber("limit", limit);
        json.WriteStartArray("sources");
        foreach (SourceRow source in sources.OrderBy(source => source.Source.IsRegion).ThenBy(source => source.Name, StringComparer.Ordinal).Skip(offset).Take(limit))
        {
            json.WriteStartObject();
            json.WriteString("kind", source.Source.IsRegion ? "region" : "node");
            json.WriteString("name", source.Name);
            json.WriteString("carrier", source.Source.CarrierName);
            json.WriteNumber("literals", source.Literals);
            json.WriteNumber("texts", source.Texts);
            json.WriteNumber("tombstones", source.Tombstones);
            json.WriteNumber("bytes", source.Bytes);
            json.WriteBoolean("known", source.Known);
            json.WriteBoolean("routed", source.Routed);
            json.WriteBoolean("reachable", source.Reachable);
            json.WriteMeasure("rtt_ms", source.RoundTripMilliseconds);
            json.WriteMeasure("lost_ms", source.OrphanedMilliseconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteWidened(Utf8JsonWriter json, NodeInterest? own)
    {
        json.WriteStartArray("widened");
        foreach (WidenedPrefix widened in own?.Widened ?? [])
        {
            json.WriteStartObject();
            json.WriteString("pattern", Encoding.UTF8.GetString(widened.Pattern.Subject));
            json.WriteNumber("subscriptions", widened.Subscriptions);
            json.WriteBoolean("alone", widened.IsAlone);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

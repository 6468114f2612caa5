using System.Globalization;
using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Bus.Tracing;
using Causeway.Core.Tracing;

namespace Causeway.Bus.Monitoring;

/// <summary><c>/tracez</c>: what the node did with the sampled messages that it traced last; <c>trace</c> picks those of one trace, <c>limit</c> says how many.</summary>
internal sealed class TracezPage(BusNode node)
{
    private const int DefaultLimit = 50;

    public void Write(Utf8JsonWriter json, PageQuery query)
    {
        int limit = query.Number("limit", DefaultLimit);
        string? trace = query.Text("trace");
        json.WriteStartObject();
        json.WriteString("server_id", node.Info.ServerId);
        json.WriteString("now", DateTime.UtcNow);
        json.WriteString("node", node.Info.ServerName);
        json.WriteString("region", node.Options.Links?.Region);
        json.WriteNumber("max_traced_messages_per_second", node.Options.MaxTracedMessagesPerSecond);
        json.WriteNumber("traced", node.Traces?.Rate.Taken ?? 0);
        json.WriteNumber("skipped", node.Traces?.Rate.Skipped ?? 0);
        json.WriteNumber("kept", MessageTraces.MaxKeptTraces);
        json.WriteStartArray("spans");
        foreach ((MessageTrace one, string span) in (node.Traces?.Recent() ?? []).Where(kept => trace is null || kept.Trace.Context.TraceId == trace).Take(limit))
        {
            Write(json, one, span);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MessageTrace trace, string span)
    {
        json.WriteStartObject();
        json.WriteString("trace_id", trace.Context.TraceId);
        json.WriteString("span_id", span);
        json.WriteString("parent_span_id", trace.Context.SpanId.ToString("x16", CultureInfo.InvariantCulture));
        json.WriteString("start", trace.StartedAt.UtcDateTime);
        json.WriteMeasure("duration_us", trace.Duration.TotalMicroseconds);
        json.WriteNumber("cid", trace.Client);
        json.WriteString("from", trace.From);
        json.WriteString("from_region", trace.FromRegion);
        json.WriteString("tenant", trace.Tenant);
        json.WriteString("subject_prefix", trace.SubjectPrefix);
        json.WriteNumber("bytes", trace.Bytes);
        json.WriteNumber("delivered", trace.Delivered);
        json.WriteStartArray("links");
        foreach ((string peer, string region) in trace.Links)
        {
            json.WriteStartObject();
            json.WriteString("peer", peer);
            json.WriteString("region", region);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

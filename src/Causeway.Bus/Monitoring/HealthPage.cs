using System.Text;
using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Core.Health;
using Microsoft.AspNetCore.Http;

namespace Causeway.Bus.Monitoring;

/// <summary>
/// <c>/healthz</c> tells whether the process works at all, for who starts it anew when it does not, and <c>/readyz</c> whether new
/// clients are welcome, with the reasons and what was measured, for who sends them. Short memory, sick links and leaving are no
/// reasons to be started anew; and a node that can't reach others is doubtful, not unready: it may be they who are gone.
/// </summary>
internal sealed class HealthPage(BusNode node)
{
    /// <summary>Answers <c>/healthz</c> as nats-server does.</summary>
    public async Task ServeLivenessAsync(HttpContext context, string? callback)
    {
        (HealthVerdict verdict, _) = await node.Health.AskAsync().ConfigureAwait(false);
        await AnswerAsync(context, verdict.IsAlive, json =>
        {
            json.WriteString("status", verdict.IsAlive ? "ok" : "unavailable");
            if (!verdict.IsAlive)
            {
                json.WriteString("error", string.Join("; ", verdict.Deaths));
            }
        }, callback).ConfigureAwait(false);
    }

    /// <summary>Answers <c>/readyz</c>.</summary>
    public async Task ServeReadinessAsync(HttpContext context)
    {
        (HealthVerdict verdict, HealthEvidence evidence) = await node.Health.AskAsync().ConfigureAwait(false);
        await AnswerAsync(context, verdict.IsReady, json =>
        {
            json.WriteString("status", JsonFormat.Name(verdict.Status));
            json.WriteStartArray("reasons");
            foreach (HealthReason reason in verdict.Reasons)
            {
                json.WriteStartObject();
                json.WriteString("code", reason.Code);
                json.WriteString("makes", JsonFormat.Name(reason.Makes));
                json.WriteString("text", reason.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Write(json, evidence);
        }).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter json, HealthEvidence evidence)
    {
        json.WriteStartObject("evidence");
        json.WriteMeasure("bus_round_trip_ms", evidence.BusRoundTripMilliseconds);
        json.WriteMeasure("loop_delay_ms", evidence.LoopDelayMilliseconds);
        json.WriteMeasure("headroom", evidence.Headroom);
        json.WriteBoolean("refuses_new", evidence.RefusesNew);
        json.WriteNumber("clients", evidence.Clients);
        json.WriteNumber("max_clients", evidence.MaxClients);
        json.WriteNumber("accept_errors", evidence.AcceptErrors);
        json.WriteNumber("links_up", evidence.LinksUp);
        json.WriteStartArray("links_missing");
        foreach (string link in evidence.LinksMissing)
        {
            json.WriteStringValue(link);
        }

        json.WriteEndArray();
        json.WriteBoolean("leaving", evidence.IsDraining);
        json.WriteEndObject();
    }

    private static async Task AnswerAsync(HttpContext context, bool isWell, Action<Utf8JsonWriter> write, string? callback = null)
    {
        using MemoryStream page = new();
        using (Utf8JsonWriter json = new(page))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        context.Response.ContentType = PageCallback.ContentType(callback);
        context.Response.StatusCode = isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        string text = Encoding.UTF8.GetString(page.GetBuffer().AsSpan(0, (int)page.Length));
        await context.Response.WriteAsync(callback is null ? text : $"{callback}({text})").ConfigureAwait(false);
    }
}

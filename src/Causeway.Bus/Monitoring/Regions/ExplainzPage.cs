using System.Globalization;
using System.Text;
using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Core.Regions;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>
/// <c>/explainz?subject=</c>: who would get a message that is published on this node, over which links, and why others would not.
/// Publishes nothing.
/// </summary>
internal sealed class ExplainzPage(BusNode node, MeshView view)
{
    private const int DefaultLimit = 5;
    private const int MaxLimit = 10_000;
    private const int MaxTenantsNamed = 20;

    public async Task WriteAsync(Utf8JsonWriter json, PageQuery query)
    {
        int limit = Math.Min(query.Number("limit", DefaultLimit), MaxLimit);
        string text = query.Text("subject") ?? throw new PageQueryException("subject: it is missing; accepted is a literal subject, such as ?subject=orders.new");
        byte[] subject = Encoding.UTF8.GetBytes(text);
        if (!Subject.IsLiteral(subject))
        {
            throw new PageQueryException($"subject: '{text.ReplaceLineEndings(" ")}' is no subject to publish to; accepted is a literal subject");
        }

        string name = query.Text("tenant") ?? Tenant.DefaultName;
        Tenant tenant = node.Context.Tenants.Find(Encoding.UTF8.GetBytes(name))
            ?? throw new PageQueryException($"tenant: '{name.ReplaceLineEndings(" ")}' is not known; accepted is {string.Join(", ", node.Context.Tenants.All.Take(MaxTenantsNamed).Select(known => known.Name))}");
        MeshSnapshot? mesh = await view.TakeAsync().ConfigureAwait(false);
        json.WriteStartObject();
        MeshHead.Write(json, node, mesh);
        json.WriteString("subject", text);
        json.WriteString("tenant", tenant.Name);
        ulong? fingerprint = tenant.Remote?.Fingerprints.Of(tenant.NameBytes.Span, subject);
        json.WriteString("fingerprint", fingerprint?.ToString("x10", CultureInfo.InvariantCulture));
        WriteReturnPath(json, mesh, subject);
        Explanation explanation = new Explainer(node, tenant, subject, mesh).Explain();
        WriteLocal(json, explanation, limit);
        WriteGroups(json, explanation);
        WriteDestinations(json, "nodes", explanation.Destinations.Where(destination => !destination.IsRegion));
        WriteDestinations(json, "regions", explanation.Destinations.Where(destination => destination.IsRegion));
        json.WriteEndObject();
    }

    /// <summary>A reply to a request that crossed a link goes where its subject says, whoever asked for what.</summary>
    private static void WriteReturnPath(Utf8JsonWriter json, MeshSnapshot? mesh, byte[] subject)
    {
        if (mesh is null || !ReturnPath.TryRead(subject, out ReadOnlySpan<byte> region, out ulong id, out ReadOnlySpan<byte> reply))
        {
            json.WriteNull("return_path");
            return;
        }

        string name = Encoding.UTF8.GetString(region);
        json.WriteStartObject("return_path");
        json.WriteString("region", name);
        json.WriteString("node", mesh.Members.FirstOrDefault(member => member.Card.Id == id)?.Card.Name ?? id.ToString("x16", CultureInfo.InvariantCulture));
        json.WriteString("reply", reply);
        json.WriteString("carrier", mesh.Regions.FirstOrDefault(other => other.Name == name)?.Carrier?.Source.CarrierName);
        json.WriteEndObject();
    }

    private static void WriteLocal(Utf8JsonWriter json, Explanation explanation, int limit)
    {
        json.WriteStartObject("local");
        json.WriteNumber("subscriptions", explanation.Plain.Length);
        json.WriteStartArray("first");
        foreach (Subscription subscription in explanation.Plain.Take(limit))
        {
            json.WriteStartObject();
            json.WriteNumber("cid", subscription.Client.Id);
            json.WriteString("name", subscription.Client.Options.Name);
            json.WriteString("subject", subscription.Subject);
            json.WriteString("sid", subscription.Sid);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteGroups(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteStartArray("queue_groups");
        foreach (GroupChoice group in explanation.Groups)
        {
            json.WriteStartObject();
            json.WriteString("queue", group.Name);
            json.WriteNumber("local_members", group.LocalMembers);
            WriteNames(json, "nodes", group.Nodes);
            WriteNames(json, "regions", group.Regions);
            json.WriteString("goes_to", group.GoesTo);
            WriteNames(json, "candidates", group.Candidates);
            json.WriteString("rule", Rule(group));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Rule(GroupChoice group) => group.GoesTo switch
    {
        "local" => "a member on this node comes first, by chance",
        "node" => "no member is here: a node of the region that has one, by chance",
        "region" => "the region has no member: the region with the shortest round trip",
        _ => "no member can be reached",
    };

    private static void WriteNames(Utf8JsonWriter json, string name, IEnumerable<InterestSource> sources)
    {
        json.WriteStartArray(name);
        foreach (InterestSource source in sources)
        {
            json.WriteStringValue(source.IsRegion ? source.Region : source.CarrierName);
        }

        json.WriteEndArray();
    }

    private static void WriteDestinations(Utf8JsonWriter json, string name, IEnumerable<Destination> destinations)
    {
        json.WriteStartArray(name);
        foreach (Destination destination in destinations)
        {
            json.WriteStartObject();
            json.WriteString("name", destination.Name);
            json.WriteString("verdict", destination.Verdict);
            json.WriteString("reason", destination.Reason);
            json.WriteStartArray("asked");
            foreach (Asked asked in destination.By)
            {
                json.WriteStartObject();
                json.WriteString("by", asked.Kind);
                WriteIfAny(json, "subject", asked.Subject);
                WriteIfAny(json, "queue", asked.Queue);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("carrier", destination.Source?.Source.CarrierName);
            json.WriteString("link", destination.Source?.Source.Link?.Peer.Name);
            json.WriteString("link_state", destination.Source?.LinkState);
            json.WriteMeasure("rtt_ms", destination.Source?.RoundTripMilliseconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string text)
    {
        if (text.Length > 0)
        {
            json.WriteString(name, text);
        }
    }
}

using System.Text;
using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;

namespace Causeway.Bus.Monitoring;

/// <summary><c>/subsz</c>: the subscriptions, in nats-server's names and types.</summary>
internal sealed class SubszPage(BusNode node)
{
    private const int DefaultLimit = 1024;
    private const int MaxLimit = 100_000;

    public void Write(Utf8JsonWriter json, PageQuery query)
    {
        bool list = query.Boolean("subs");
        (int offset, int limit) = query.Window(DefaultLimit);
        limit = Math.Min(limit, MaxLimit);
        string? test = query.Text("test");
        byte[]? subject = test is null ? null : Encoding.UTF8.GetBytes(test);
        if (subject is not null && !Subject.IsLiteral(subject))
        {
            throw new PageQueryException($"invalid test subject, must be valid publish subject: {test}");
        }

        string? account = query.Text("acc");
        IReadOnlyCollection<Tenant> tenants = account is null ? node.Context.Tenants.All
            : node.Context.Tenants.Find(Encoding.UTF8.GetBytes(account)) is { } one ? [one] : [];
        long inserts = tenants.Sum(tenant => tenant.Subscriptions.Inserts);
        int count = tenants.Sum(tenant => tenant.Subscriptions.Count);
        long hits = node.Loops.Sum(loop => loop.Batch.Routes.Hits);
        long misses = node.Loops.Sum(loop => loop.Batch.Routes.Misses);
        json.WriteStartObject();
        json.WriteString("server_id", node.Info.ServerId);
        json.WriteString("now", DateTime.UtcNow);
        json.WriteNumber("num_subscriptions", count);
        json.WriteNumber("num_cache", 0);
        json.WriteNumber("num_inserts", inserts);
        json.WriteNumber("num_removes", inserts - count);
        json.WriteNumber("num_matches", hits + misses);
        json.WriteNumber("cache_hit_rate", hits + misses == 0 ? 0 : (double)hits / (hits + misses));
        json.WriteNumber("max_fanout", 0);
        json.WriteNumber("avg_fanout", 0);
        json.WriteNumber("num_patterns", tenants.Sum(tenant => tenant.Subscriptions.PatternCount));
        json.WriteNumber("num_literal_subjects", tenants.Sum(tenant => tenant.Subscriptions.LiteralSubjects));
        if (list || subject is not null)
        {
            WriteList(json, tenants, count, subject, offset, limit);
        }
        else
        {
            json.WriteNumber("total", 0);
            json.WriteNumber("offset", offset);
            json.WriteNumber("limit", limit);
        }

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, IEnumerable<Tenant> tenants, int count, byte[]? subject, int offset, int limit)
    {
        List<(Tenant Tenant, Subscription Subscription)> page = [];
        int total = 0;
        foreach (Tenant tenant in tenants)
        {
            tenant.Subscriptions.Visit(subscription =>
            {
                if (subject is null || Subject.Matches(subscription.Subject, subject))
                {
                    if (total >= offset && page.Count < limit)
                    {
                        page.Add((tenant, subscription));
                    }

                    total++;
                }

                return subject is not null || page.Count < limit;
            });
        }

        json.WriteNumber("total", subject is null ? count : total);
        json.WriteNumber("offset", offset);
        json.WriteNumber("limit", limit);
        json.WriteStartArray("subscriptions_list");
        foreach ((Tenant tenant, Subscription subscription) in page)
        {
            ConnzPage.WriteDetail(json, tenant.Name, subscription);
        }

        json.WriteEndArray();
    }
}

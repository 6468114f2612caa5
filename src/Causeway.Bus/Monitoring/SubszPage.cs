using System.Text;
using System.Text.Json;
using Causeway.Bus.Nodes;
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
        int limit = Math.Clamp(query.Number("limit", DefaultLimit), 1, MaxLimit);
        int offset = query.Number("offset", 0);
        bool list = query.Flag("subs");
        string? test = query.Text("test");
        byte[]? subject = test is null ? null : Encoding.UTF8.GetBytes(test);
        if (subject is not null && !Subject.IsLiteral(subject))
        {
            throw new PageQueryException($"test: '{test}' is no subject to publish to; accepted is a literal subject");
        }

        SubscriptionIndex index = node.Context.DefaultTenant.Subscriptions;
        long hits = node.Loops.Sum(loop => loop.Batch.Routes.Hits);
        long misses = node.Loops.Sum(loop => loop.Batch.Routes.Misses);
        json.WriteStartObject();
        json.WriteString("server_id", node.Info.ServerId);
        json.WriteString("now", DateTime.UtcNow);
        json.WriteNumber("num_subscriptions", index.Count);
        json.WriteNumber("num_cache", 0);
        json.WriteNumber("num_inserts", index.Inserts);
        json.WriteNumber("num_removes", index.Inserts - index.Count);
        json.WriteNumber("num_matches", hits + misses);
        json.WriteNumber("cache_hit_rate", hits + misses == 0 ? 0 : (double)hits / (hits + misses));
        json.WriteNumber("max_fanout", 0);
        json.WriteNumber("avg_fanout", 0);
        json.WriteNumber("num_patterns", index.PatternCount);
        json.WriteNumber("num_literal_subjects", index.LiteralSubjects);
        if (list || subject is not null)
        {
            WriteList(json, index, subject, offset, limit);
        }

        json.WriteEndObject();
    }

    private void WriteList(Utf8JsonWriter json, SubscriptionIndex index, byte[]? subject, int offset, int limit)
    {
        List<Subscription> page = [];
        int total = 0;
        index.Visit(subscription =>
        {
            if (subject is null || Subject.Matches(subscription.Subject, subject))
            {
                if (total >= offset && page.Count < limit)
                {
                    page.Add(subscription);
                }

                total++;
            }

            return subject is not null || page.Count < limit;
        });
        json.WriteNumber("total", subject is null ? index.Count : total);
        json.WriteNumber("offset", offset);
        json.WriteNumber("limit", limit);
        json.WriteStartArray("subscriptions_list");
        foreach (Subscription subscription in page)
        {
            json.WriteStartObject();
            json.WriteString("account", node.Context.DefaultTenant.Name);
            json.WriteString("subject", Encoding.UTF8.GetString(subscription.Subject));
            if (subscription.Queue is { } queue)
            {
                json.WriteString("qgroup", queue.ToString());
            }

            json.WriteString("sid", Encoding.UTF8.GetString(subscription.Sid));
            json.WriteNumber("msgs", subscription.Delivered);
            if (subscription.MaxMessages > 0)
            {
                json.WriteNumber("max", subscription.MaxMessages);
            }

            json.WriteNumber("cid", subscription.Client.Id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

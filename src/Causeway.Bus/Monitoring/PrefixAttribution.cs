using System.Text;
using System.Text.Json;
using Causeway.Bus.Transport;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;

namespace Causeway.Bus.Monitoring;

/// <summary>
/// Tells which subject prefixes memory is held for. It looks when asked and not while messages flow, and bounds what it looks at:
/// the first <see cref="MaxSubscriptionsSeen"/> subscriptions, and a sample of what waits for the clients with most waiting.
/// </summary>
internal static class PrefixAttribution
{
    public const int MaxSubscriptionsSeen = 200_000;
    public const int MaxClientsSampled = 16;
    public const int SampleBytes = 64 * 1024;

    public static void WriteSubscriptions(Utf8JsonWriter json, IEnumerable<Tenant> tenants, int tokens, int limit, Func<Subscription, bool>? counts = null)
    {
        Dictionary<(string Tenant, string Prefix), (long Count, long Bytes)> prefixes = [];
        int seen = 0;
        foreach (Tenant tenant in tenants)
        {
            tenant.Subscriptions.Visit(subscription =>
            {
                if (counts?.Invoke(subscription) != false)
                {
                    (string, string) prefix = (tenant.Name, Encoding.UTF8.GetString(Subject.Prefix(subscription.Subject, tokens)));
                    (long count, long bytes) = prefixes.GetValueOrDefault(prefix);
                    prefixes[prefix] = (count + 1, bytes + subscription.MemoryBytes);
                }

                return ++seen < MaxSubscriptionsSeen;
            });
        }

        json.WriteStartArray("subscriptions");
        foreach (((string tenant, string prefix), (long count, long bytes)) in prefixes.OrderByDescending(entry => entry.Value.Bytes).Take(limit))
        {
            json.WriteStartObject();
            json.WriteString("tenant", tenant);
            json.WriteString("prefix", prefix);
            json.WriteNumber("subscriptions", count);
            json.WriteNumber("bytes", bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("subscriptions_seen", seen);
    }

    public static void WritePending(Utf8JsonWriter json, IEnumerable<ClientConnection> connections, int tokens, int limit)
    {
        Dictionary<string, double> prefixes = new(StringComparer.Ordinal);
        byte[] sample = new byte[SampleBytes];
        foreach (ClientConnection client in connections.OrderByDescending(client => client.Session.Outbound.PendingBytes).Take(MaxClientsSampled))
        {
            long pending = client.Session.Outbound.PendingBytes;
            int length = client.Session.Outbound.Peek(sample);
            Dictionary<string, long> found = Count(sample.AsSpan(0, length), tokens);
            double sum = found.Values.Sum();
            foreach ((string prefix, long bytes) in found)
            {
                prefixes[prefix] = prefixes.GetValueOrDefault(prefix) + (bytes / sum * pending);
            }
        }

        json.WriteStartArray("pending");
        foreach ((string prefix, double bytes) in prefixes.OrderByDescending(entry => entry.Value).Take(limit))
        {
            json.WriteStartObject();
            json.WriteString("prefix", prefix);
            json.WriteNumber("estimated_bytes", Math.Round(bytes));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Bytes by prefix of the MSG and HMSG frames in <paramref name="frames"/>, the last of which may be cut.</summary>
    internal static Dictionary<string, long> Count(ReadOnlySpan<byte> frames, int tokens)
    {
        Dictionary<string, long> prefixes = new(StringComparer.Ordinal);
        Visit(frames, (subject, length) =>
        {
            string prefix = Encoding.UTF8.GetString(Subject.Prefix(subject, tokens));
            prefixes[prefix] = prefixes.GetValueOrDefault(prefix) + length;
        });
        return prefixes;
    }

    /// <summary>Calls <paramref name="visit"/> with subject and length of each MSG and HMSG frame in <paramref name="frames"/>.</summary>
    internal static void Visit(ReadOnlySpan<byte> frames, Action<ReadOnlySpan<byte>, int> visit)
    {
        while (frames.IndexOf((byte)'\n') is >= 0 and int lineEnd)
        {
            ReadOnlySpan<byte> line = frames[..lineEnd].TrimEnd((byte)'\r');
            int length = lineEnd + 1;
            int verb = line.StartsWith("MSG "u8) ? 4 : line.StartsWith("HMSG "u8) ? 5 : 0;
            if (verb > 0 && System.Buffers.Text.Utf8Parser.TryParse(line[(line.LastIndexOf((byte)' ') + 1)..], out int size, out _))
            {
                length += size + 2;
                ReadOnlySpan<byte> subject = line[verb..];
                visit(subject[..Math.Max(0, subject.IndexOf((byte)' '))], length);
            }

            frames = frames[Math.Min(length, frames.Length)..];
        }
    }
}

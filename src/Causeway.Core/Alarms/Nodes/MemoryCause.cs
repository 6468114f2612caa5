using System.Globalization;
using Causeway.Core.Control;
using Causeway.Core.Memory;

namespace Causeway.Core.Alarms.Nodes;

/// <summary>
/// Finds what makes memory grow: the use that has grown most, and within it the subject prefix, the client, the link with its pair of
/// regions, or who asks for messages. Where nothing has grown it tells who holds most.
/// </summary>
internal static class MemoryCause
{
    /// <summary>Growth that is worth to be compared, as a share of the budget; with less, amounts are compared with what is usual.</summary>
    private const double LeastGrowthShare = 0.002;

    private const int Named = 3;

    public static AlarmCause Find(NodeReading reading, MemoryPast? past, IReadOnlyDictionary<MemoryUse, double> smoothed, MemoryUse? only)
    {
        MemorySample now = reading.Holders();
        UseReading[] uses = [.. now.Uses.Where(use => use.Use != MemoryUse.Pool && (only is null || use.Use == only))];
        double Since(UseReading use) => smoothed.GetValueOrDefault(use.Use) - past!.Uses.GetValueOrDefault(use.Use);
        long limit = reading.Memory.LimitBytes;
        if (past is not null && uses.Sum(use => Math.Max(0, Since(use))) < LeastGrowthShare * limit)
        {
            past = null;
        }

        MemorySample? before = past?.Holders;
        double Grown(UseReading use) => past is null ? use.Bytes - use.BaselineBytes : Since(use);
        UseReading top = uses.MaxBy(Grown);
        double grown = Grown(top);
        if (before is not null && top.Bytes - before.Uses.FirstOrDefault(was => was.Use == top.Use).Bytes < grown / 2)
        {
            // A step that was over when holders were sampled: they don't differ any more.
            before = null;
        }

        bool grows = grown >= LeastGrowthShare * limit;
        if (!grows)
        {
            top = uses.MaxBy(use => use.Bytes);
        }

        string account = MemoryRules.Name(top.Use);
        Dictionary<string, string> details = new(StringComparer.Ordinal)
        {
            ["account"] = account,
            ["account_bytes"] = Number(top.Bytes),
            ["account_growth_bytes"] = Number(Math.Max(0, grown)),
        };
        string text = !grows ? $"{account} holds most, {AlarmText.Bytes(top.Bytes)}"
            : top.Bytes < grown ? $"{account} had grown by {AlarmText.Bytes(grown)} and is at {AlarmText.Bytes(top.Bytes)} again"
            : $"{account} grew by {AlarmText.Bytes(grown)} to {AlarmText.Bytes(top.Bytes)}";
        List<string> found = top.Use switch
        {
            MemoryUse.Subscriptions => [.. Prefix(now.Subscriptions, before?.Subscriptions, "subscriptions", details), .. Client(now, before, top.Use, details)],
            MemoryUse.Pending or MemoryUse.Links => Waiting(reading, now, before, top.Use, details),
            MemoryUse.Interest => [.. Source(now, before, details), .. Lagging(reading, now, details)],
            MemoryUse.Connections or MemoryUse.Receive => [.. Client(now, before, top.Use, details)],
            _ => [],
        };
        return new AlarmCause(string.Join("; ", [text, .. found]), details);
    }

    private static string Number(double bytes) => Math.Round(bytes).ToString(CultureInfo.InvariantCulture);

    /// <summary>By how much, where there was a look before; else how much it is.</summary>
    private static string Amount(double bytes, MemorySample? before) => before is null ? $"holds {AlarmText.Bytes(bytes)}" : $"grew by {AlarmText.Bytes(bytes)}";

    private static IEnumerable<string> Prefix(PrefixTally now, PrefixTally? before, string what, Dictionary<string, string> details)
    {
        if (now.Top(before) is not { } top)
        {
            yield break;
        }

        details["top_prefix"] = top.ToString();
        details["top_prefix_bytes"] = Number(top.Bytes);
        details["top_prefixes"] = string.Join(", ", now.ByFirstToken(before).Take(Named).Select(prefix => $"{prefix} {AlarmText.Bytes(prefix.Bytes)}"));
        yield return $"most under prefix {top}, {(before is null ? "" : "+")}{AlarmText.Count(top.Count)} {what}, {AlarmText.Bytes(top.Bytes)}";
    }

    private static IEnumerable<string> Client(MemorySample now, MemorySample? before, MemoryUse use, Dictionary<string, string> details)
    {
        (ClientHolding Client, long Bytes)[] top = TopClients(now, before, use);
        if (top.Length == 0)
        {
            yield break;
        }

        details["top_client"] = top[0].Client.ToString();
        details["top_client_bytes"] = Number(top[0].Bytes);
        details["top_clients"] = string.Join(", ", top.Select(one => $"{one.Client} {AlarmText.Bytes(one.Bytes)}"));
        yield return $"{top[0].Client} {Amount(top[0].Bytes, before)}";
    }

    private static (ClientHolding Client, long Bytes)[] TopClients(MemorySample now, MemorySample? before, MemoryUse use)
    {
        Dictionary<ulong, ClientHolding> was = before?.Clients.ToDictionary(client => client.Id) ?? [];
        return
        [
            .. now.Clients.Select(client => (Client: client, Bytes: client.Of(use) - (was.GetValueOrDefault(client.Id)?.Of(use) ?? 0)))
                .Where(client => client.Bytes > 0).OrderByDescending(client => client.Bytes).Take(Named),
        ];
    }

    /// <summary>What waits does so for a link or for a client: whichever has grown most is named.</summary>
    private static List<string> Waiting(NodeReading reading, MemorySample now, MemorySample? before, MemoryUse use, Dictionary<string, string> details)
    {
        Dictionary<string, long> was = before?.Links.DistinctBy(LinkRules.Id).ToDictionary(LinkRules.Id, link => Held(link, use)) ?? [];
        var links = now.Links.Select(link => (Link: link, Bytes: Held(link, use) - was.GetValueOrDefault(LinkRules.Id(link)))).Where(link => link.Bytes > 0).ToList();
        (ClientHolding Client, long Bytes)[] clients = use == MemoryUse.Pending ? TopClients(now, before, use) : [];
        (LinkReport Link, long Bytes) top = links.OrderByDescending(link => link.Bytes).FirstOrDefault();
        if (top.Link is not null && (clients.Length == 0 || top.Bytes >= clients[0].Bytes))
        {
            LinkRules.Describe(reading, top.Link, details);
            return [$"what waits for the {LinkRules.Name(top.Link)} {Amount(top.Bytes, before)}, region pair {LinkRules.Pair(reading, top.Link)}"];
        }

        return [.. Client(now, before, use, details), .. Prefix(now.Pending, before?.Pending, "messages", details)];
    }

    private static long Held(LinkReport link, MemoryUse use) => use == MemoryUse.Pending ? link.PendingBytes : link.HeldBytes;

    private static IEnumerable<string> Source(MemorySample now, MemorySample? before, Dictionary<string, string> details)
    {
        Dictionary<string, SourceReading> was = before?.Sources.DistinctBy(source => source.Name).ToDictionary(source => source.Name) ?? [];
        (SourceReading Source, long Bytes) top = now.Sources
            .Select(source => (Source: source, Bytes: source.Bytes - (was.GetValueOrDefault(source.Name)?.Bytes ?? 0))).OrderByDescending(source => source.Bytes).FirstOrDefault();
        if (top.Source is not null && top.Bytes > 0)
        {
            details["top_source"] = top.Source.Name;
            details["top_source_bytes"] = Number(top.Bytes);
            yield return $"what {(top.Source.IsRegion ? "region" : "node")} {top.Source.Name} asks for {Amount(top.Bytes, before)}";
        }
    }

    /// <summary>The link that is furthest behind: for its sake removals are kept.</summary>
    private static IEnumerable<string> Lagging(NodeReading reading, MemorySample now, Dictionary<string, string> details)
    {
        if (now.Links.MaxBy(link => link.LagSeconds) is { LagEntries: > 0 } link)
        {
            LinkRules.Describe(reading, link, details);
            yield return $"the {LinkRules.Name(link)} is {AlarmText.Count(link.LagEntries)} changes behind, region pair {LinkRules.Pair(reading, link)}";
        }
    }
}

using Causeway.Bus.Monitoring;
using Causeway.Bus.Nodes;
using Causeway.Bus.Transport;
using Causeway.Core.Alarms.Nodes;
using Causeway.Core.Clients;
using Causeway.Core.Control;
using Causeway.Core.Memory;
using Causeway.Core.Subscriptions;

namespace Causeway.Bus.Alarms;

/// <summary>
/// Looks who holds a node's memory, when alarms ask for it: at most a few times a minute, and each time at a bounded number of
/// subscriptions and clients, without keeping a lock of the event loops for long.
/// </summary>
internal sealed class HolderSampler(BusNode node)
{
    /// <summary>Most subscriptions to literals that are looked at.</summary>
    public const int MaxSubscriptionsSeen = 50_000;

    /// <summary>Looks now; links and sources are those of the reading.</summary>
    public MemorySample Take(IReadOnlyList<UseReading> uses, IReadOnlyList<LinkReport> links, IReadOnlyList<SourceReading> sources)
    {
        List<ClientConnection> clients = [.. node.Connections.Open];
        return new MemorySample
        {
            Uses = uses,
            Clients = [.. clients.Select(client => Holding(client.Session)).OrderByDescending(client => client.Bytes).Take(MemorySample.MaxClients)],
            Subscriptions = Subscriptions([.. node.Context.Tenants.All.Select(tenant => tenant.Subscriptions).Where(index => index.Count > 0)]),
            Pending = Pending(clients),
            Links = links,
            Sources = sources,
        };
    }

    private static ClientHolding Holding(ClientSession session) => new(
        session.Id,
        session.Options.Name,
        session.Address,
        session.Account.BytesOf(MemoryUse.Subscriptions),
        session.Account.BytesOf(MemoryUse.Pending),
        session.Account.Bytes);

    private static PrefixTally Subscriptions(IReadOnlyList<SubscriptionIndex> tenants)
    {
        PrefixTally tally = new();
        double all = Math.Max(1, tenants.Sum(index => (double)index.Count));
        foreach (SubscriptionIndex index in tenants)
        {
            // Where there are too many to look at all, each that is seen stands for several; each tenant is seen by its share.
            int most = Math.Max(4, (int)(MaxSubscriptionsSeen * (index.Count / all)));
            int patterns = index.PatternCount;
            double each = Math.Max(1, (double)(index.Count - patterns) / most);
            double eachPattern = Math.Max(1, patterns * 4.0 / most);
            index.Sample(most, subscription =>
            {
                double count = subscription.IsPattern ? eachPattern : each;
                tally.Add(subscription.Subject, count * subscription.MemoryBytes, count);
            });
        }

        return tally;
    }

    private static PrefixTally Pending(List<ClientConnection> clients)
    {
        PrefixTally tally = new();
        byte[] sample = new byte[PrefixAttribution.SampleBytes];
        foreach (ClientConnection client in clients.OrderByDescending(client => client.Session.Outbound.PendingBytes).Take(PrefixAttribution.MaxClientsSampled))
        {
            long pending = client.Session.Outbound.PendingBytes;
            int length = client.Session.Outbound.Peek(sample);
            double each = Math.Max(1, (double)pending / Math.Max(1, length));
            PrefixAttribution.Visit(sample.AsSpan(0, length), (subject, bytes) => tally.Add(subject, bytes * each, each));
        }

        return tally;
    }
}

using System.Text;
using Causeway.Core.Alarms;
using Causeway.Core.Alarms.Nodes;
using Causeway.Core.Control;
using Causeway.Core.Memory;

namespace Causeway.Core.Tests.Alarms.Nodes;

/// <summary>
/// A node's memory, links and clients as a test has them, looked at once a second of virtual time by the real meters, rules and engine.
/// Bytes of subscriptions come from the prefixes and clients that hold them; the other uses are set.
/// </summary>
internal sealed class ModelNode(AlarmLimits? limits = null)
{
    public const double Mi = 1024 * 1024;
    public const int SubscriptionBytes = 160;

    private readonly NodeRules _rules = new(limits ?? new AlarmLimits());
    private readonly GrowthMeter[] _meters = [.. Enum.GetValues<MemoryUse>().Select(_ => new GrowthMeter())];

    public AlarmTimeline Time { get; } = new(limits);

    public double LimitBytes { get; set; } = 2048 * Mi;

    public double ProcessBytes { get; set; } = 100 * Mi;

    /// <summary>Subscriptions by a subject that stands for many, and the client that has them.</summary>
    public Dictionary<(string Prefix, ulong Client), double> Subscriptions { get; } = [];

    /// <summary>Bytes that wait, by client.</summary>
    public Dictionary<ulong, double> Pending { get; } = [];

    public Dictionary<MemoryUse, double> Others { get; } = new() { [MemoryUse.Routes] = 8 * Mi, [MemoryUse.Connections] = 10 * Mi };

    public List<LinkReport> Links { get; } = [];

    public NodeReading Reading { get; set; } = new() { Node = "e1", Region = "us-east-1", Memory = null!, Holders = null! };

    public int Samples { get; private set; }

    public double HeldBytes => Enum.GetValues<MemoryUse>().Sum(BytesOf);

    public IReadOnlyList<AlarmReport> Open => Time.Engine.Open;

    public List<AlarmChange> Changes => Time.Changes;

    public static LinkReport Link(string region, string peer, string kind = "wan", string direction = "out") => new()
    {
        Peer = peer,
        Region = region,
        Kind = kind,
        Direction = direction,
        State = "up",
        RoundTripMilliseconds = 80,
        BytesPerSecond = 50_000,
    };

    /// <summary>One look, and a second later.</summary>
    public IReadOnlyList<AlarmChange> Look()
    {
        foreach (MemoryUse use in Enum.GetValues<MemoryUse>())
        {
            _meters[(int)use].Observe(Time.Elapsed.TotalSeconds, (long)BytesOf(use));
        }

        UseReading[] uses = [.. Enum.GetValues<MemoryUse>().Select(use => new UseReading(use, (long)BytesOf(use), _meters[(int)use].BaselineBytes))];
        NodeReading reading = Reading with
        {
            Memory = new MemoryReading
            {
                LimitBytes = (long)LimitBytes,
                HeldBytes = (long)HeldBytes,
                ProcessBytes = (long)ProcessBytes,
                ProcessLimitBytes = (long)(4 * LimitBytes),
                Step = GovernorStep.Calm,
                Uses = uses,
            },
            Links = [.. Links],
            Holders = () => Sample(uses),
        };
        return Time.Look([.. _rules.Look(Time.Elapsed, reading)]);
    }

    public void Look(int times)
    {
        for (int i = 0; i < times; i++)
        {
            Look();
        }
    }

    private double BytesOf(MemoryUse use) => use switch
    {
        MemoryUse.Subscriptions => Subscriptions.Values.Sum() * SubscriptionBytes,
        MemoryUse.Pending => Pending.Values.Sum() + Links.Sum(link => link.PendingBytes),
        _ => Others.GetValueOrDefault(use),
    };

    private MemorySample Sample(UseReading[] uses)
    {
        Samples++;
        PrefixTally subscriptions = new();
        foreach (((string prefix, ulong _), double count) in Subscriptions)
        {
            // Each prefix stands for subjects that differ behind it.
            for (int i = 0; i < 50; i++)
            {
                subscriptions.Add(Encoding.UTF8.GetBytes($"{prefix}.{i}.chat"), count * SubscriptionBytes / 50, count / 50);
            }
        }

        return new MemorySample
        {
            Uses = uses,
            Subscriptions = subscriptions,
            Links = [.. Links],
            Clients =
            [
                .. Subscriptions.Keys.Select(key => key.Client).Concat(Pending.Keys).Distinct().Select(id =>
                {
                    long subscribed = (long)(Subscriptions.Where(entry => entry.Key.Client == id).Sum(entry => entry.Value) * SubscriptionBytes);
                    long pending = (long)Pending.GetValueOrDefault(id);
                    return new ClientHolding(id, $"app{id}", "10.0.0.9", subscribed, pending, subscribed + pending);
                }),
            ],
        };
    }
}

using Causeway.Core.Alarms;
using Causeway.Core.Control;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Alarms.Nodes;

/// <summary>
/// The growth of March 2024 in virtual time, a look a second, with noise: subscriptions of a region grow, or what waits for a slow link piles
/// up, beside a larger load that is steady, until memory would be used up. The first alarm names what grows, ten minutes before.
/// </summary>
public sealed class IncidentGrowthTests
{
    private const double Mi = ModelNode.Mi;

    private static readonly TimeSpan LeastWarning = TimeSpan.FromMinutes(10);

    [Fact]
    public void Subscriptions_that_grow_are_named_with_prefix_and_client_ten_minutes_before_exhaustion() =>
        Gen.Select(Gen.Int[0, 100], Gen.Double[1, 2.5], Gen.Double[0, 0.03], Gen.Int).Sample(
            (longer, power, noise, seed) =>
            {
                ModelNode node = Steady(noise, seed, out Random random);
                double room = node.LimitBytes - node.HeldBytes;
                TimeSpan warning = Grow(node, Fastest(power) + longer, random, noise, share =>
                    node.Subscriptions[("room", 17)] = 20_000 + (Math.Pow(share, power) * room / ModelNode.SubscriptionBytes));
                AlarmReport first = node.Changes[0].Alarm;
                Assert.StartsWith("memory_", first.Rule, StringComparison.Ordinal);
                Assert.Equal(("subscriptions", "room.>", "client 17 'app17' from 10.0.0.9"), (first.Details["account"], first.Details["top_prefix"], first.Details["top_client"]));
                Assert.Contains("room.>", first.Cause, StringComparison.Ordinal);
                Assert.InRange(warning, LeastWarning, TimeSpan.FromHours(2));
            },
            iter: 20);

    [Fact]
    public void What_piles_up_for_a_slow_link_is_named_with_link_and_region_pair_ten_minutes_before_exhaustion() =>
        Gen.Select(Gen.Int[0, 100], Gen.Double[1, 2.5], Gen.Double[0, 0.03], Gen.Int).Sample(
            (longer, power, noise, seed) =>
            {
                // Without the rule that sees a backlog at once, which a bus that bounds backlogs has: memory alone has to tell.
                ModelNode node = Steady(noise, seed, out Random random, new AlarmLimits { BacklogOpenBytes = long.MaxValue });
                node.Links.Add(ModelNode.Link("us-west-1", "w1"));
                node.Links.Add(ModelNode.Link("ap-southeast-2", "s1"));
                double room = node.LimitBytes - node.HeldBytes;
                TimeSpan warning = Grow(node, Fastest(power) + longer, random, noise, share =>
                    node.Links[1] = node.Links[1] with { PendingBytes = (long)(Math.Pow(share, power) * room) });
                AlarmReport first = node.Changes[0].Alarm;
                Assert.Equal(("pending", "ap-southeast-2/s1/out", "us-east-1 -> ap-southeast-2"), (first.Details["account"], first.Details["link"], first.Details["region_pair"]));
                Assert.Contains("WAN link to s1", first.Cause, StringComparison.Ordinal);
                Assert.InRange(warning, LeastWarning, TimeSpan.FromHours(2));
            },
            iter: 20);

    /// <summary>
    /// Faster fills: one of under ten minutes can't be told of ten minutes before. What can be held is how soon it is seen: growth that is even within
    /// two minutes of its first byte, growth that gathers speed when two thirds of its time are over at the latest, and two minutes more.
    /// </summary>
    [Fact]
    public void A_fill_too_fast_for_ten_minutes_of_warning_is_seen_as_soon_as_it_can_be() =>
        Gen.Select(Gen.Int[3, 24], Gen.Double[1, 2.5], Gen.Double[0, 0.03], Gen.Int).Sample(
            (minutes, power, noise, seed) =>
            {
                ModelNode node = Steady(noise, seed, out Random random);
                double room = node.LimitBytes - node.HeldBytes;
                TimeSpan warning = Grow(node, minutes, random, noise, share =>
                    node.Subscriptions[("room", 17)] = 20_000 + (Math.Pow(share, power) * room / ModelNode.SubscriptionBytes));
                AlarmReport first = node.Changes[0].Alarm;
                Assert.Equal(("subscriptions", "room.>", "client 17 'app17' from 10.0.0.9"), (first.Details["account"], first.Details["top_prefix"], first.Details["top_client"]));
                double seenAfter = minutes - warning.TotalMinutes;
                Assert.InRange(seenAfter, 0, Math.Min(minutes, Math.Max(2, minutes * 2 / 3.0 * (power - 1) / 1.5) + 2));
                Assert.True(minutes >= 10 || warning < LeastWarning, "a fill of under ten minutes has no ten minutes of warning");
            },
            iter: 40);

    [Fact]
    public void A_client_that_lags_is_named()
    {
        ModelNode node = Steady(0.01, 3, out Random random);
        Grow(node, 20, random, 0.01, share => node.Pending[23] = share * 1500 * Mi);
        AlarmReport first = node.Changes[0].Alarm;
        Assert.Equal(("pending", "client 23 'app23' from 10.0.0.9"), (first.Details["account"], first.Details["top_client"]));
    }

    [Fact]
    public void A_load_that_is_steady_but_noisy_raises_no_alarm() => Gen.Select(Gen.Double[0, 0.03], Gen.Double[0, 0.08], Gen.Double[60, 560], Gen.Int).Sample(
        (noise, swing, period, seed) =>
        {
            Random random = new(seed);
            ModelNode node = new();
            double drift = 0;
            for (int second = 0; second < 3 * 3600; second++)
            {
                drift = (0.95 * drift) + (noise * (random.NextDouble() - 0.5));
                double level = 0.4 + drift + (swing * Math.Sin(2 * Math.PI * second / period)) + (second % 97 < 20 ? 0.02 : 0);
                node.Subscriptions[("user", 1)] = Math.Max(0, level) * node.LimitBytes / ModelNode.SubscriptionBytes;
                node.ProcessBytes = node.LimitBytes * (0.6 + (0.3 * (second % 211) / 211));
                node.Look();
            }

            // A first rise, before there is anything to compare it with, may be one.
            DateTimeOffset known = AlarmTimeline.Start + new AlarmLimits().SwingTime + TimeSpan.FromMinutes(2);
            Assert.Empty(node.Changes.Where(change => change.Kind == AlarmChangeKind.Opened && change.At > known).Select(change => $"{change.At:T} {change.Alarm.Summary}"));
        },
        iter: 12);

    /// <summary>Many clients that come at once, as after the loss of another node, are a step and no growth.</summary>
    [Fact]
    public void A_step_is_not_growth()
    {
        ModelNode node = Steady(0.005, 9, out Random random);
        for (int second = 0; second < 600; second++)
        {
            node.Subscriptions[("user", 2)] = Math.Min(second, 8) / 8.0 * 500 * Mi / ModelNode.SubscriptionBytes;
            node.Subscriptions[("user", 1)] = 3_000_000 * (1 + (0.005 * (random.NextDouble() - 0.5)));
            node.Look();
        }

        Assert.DoesNotContain(node.Changes, change => change.Alarm.Rule == "memory_growth");
    }

    /// <summary>
    /// Minutes from the first byte to exhaustion in which ten minutes of warning can be had: growth that is even needs little more, growth that gathers
    /// speed looks harmless for its first half.
    /// </summary>
    private static int Fastest(double power) => 13 + (int)Math.Ceiling(7 * (power - 1));

    /// <summary>Half an hour of a load larger than what will grow, whose prefix and clients are not to be blamed.</summary>
    private static ModelNode Steady(double noise, int seed, out Random random, AlarmLimits? limits = null)
    {
        random = new Random(seed);
        ModelNode node = new(limits);
        for (int second = 0; second < 1800; second++)
        {
            node.Subscriptions[("user", 1)] = 3_000_000 * (1 + (noise * (random.NextDouble() - 0.5)));
            node.Subscriptions[("room", 17)] = 20_000;
            node.Look();
        }

        Assert.Empty(node.Changes);
        return node;
    }

    /// <summary>Grows until memory is used up; returns how long before that the first alarm opened.</summary>
    private static TimeSpan Grow(ModelNode node, int minutes, Random random, double noise, Action<double> grow)
    {
        DateTimeOffset? first = null;
        for (int second = 0; second <= minutes * 60; second++)
        {
            node.Subscriptions[("user", 1)] = 3_000_000 * (1 + (noise * (random.NextDouble() - 0.5)));
            grow((double)second / (minutes * 60));
            bool changed = node.Look().Count > 0;
            first ??= changed ? node.Time.Wall : null;
        }

        Assert.NotNull(first);
        return node.Time.Wall - first.Value;
    }
}

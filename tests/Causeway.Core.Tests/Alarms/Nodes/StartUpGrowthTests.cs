using Causeway.Core.Alarms;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Alarms.Nodes;

/// <summary>
/// A node that has just started grows: it fills its tables and takes its clients, and its process its heap. That is no incident; growth that goes on
/// behind it is, and a node that is full is told of whenever that is.
/// </summary>
public sealed class StartUpGrowthTests
{
    private static readonly AlarmLimits Limits = new();

    [Fact]
    public void What_a_node_takes_at_its_start_is_no_growth() => Gen.Select(Gen.Double[0.1, 0.6], Gen.Int[5, 240], Gen.Bool, Gen.Double[0, 0.02], Gen.Int).Sample(
        (share, seconds, isEven, noise, seed) =>
        {
            Random random = new(seed);
            ModelNode node = new();
            for (int second = 0; second < 1800; second++)
            {
                double filled = isEven ? Math.Min(1, (double)second / seconds) : 1 - Math.Exp(-3.0 * second / seconds);
                node.Subscriptions[("user", 1)] = share * filled * (1 + (noise * (random.NextDouble() - 0.5))) * node.LimitBytes / ModelNode.SubscriptionBytes;
                node.ProcessBytes = 4 * node.LimitBytes * (0.02 + (share * filled));
                node.Look();
            }

            Assert.Empty(node.Changes.Select(change => $"{change.At:T} {change.Alarm.Summary}"));
        },
        iter: 30);

    [Fact]
    public void Growth_that_goes_on_behind_the_start_is_told_as_soon_as_the_warm_up_is_over()
    {
        ModelNode node = new();
        TimeSpan opened = FillUntilAlarm(node, 20);
        Assert.Equal("memory_growth", node.Changes[0].Alarm.Rule);
        Assert.InRange(opened, Limits.WarmUp, Limits.WarmUp + Limits.GrowthHold + TimeSpan.FromSeconds(5));
        Assert.Equal("room.>", node.Changes[0].Alarm.Details["top_prefix"]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_node_that_is_filled_within_its_warm_up_is_told_of_by_its_level(int minutes)
    {
        ModelNode node = new();
        TimeSpan opened = FillUntilAlarm(node, minutes);
        Assert.Equal("memory_level", node.Changes[0].Alarm.Rule);
        Assert.InRange(opened, 0.6 * TimeSpan.FromMinutes(minutes), (0.75 * TimeSpan.FromMinutes(minutes)) + Limits.OpenHold);
    }

    [Fact]
    public void Without_a_warm_up_growth_counts_from_the_first_window_on()
    {
        AlarmLimits limits = new() { WarmUp = TimeSpan.Zero };
        Assert.InRange(FillUntilAlarm(new ModelNode(limits), 20), limits.GrowthWindow, 2 * limits.GrowthWindow);
    }

    private static TimeSpan FillUntilAlarm(ModelNode node, int minutes)
    {
        double room = node.LimitBytes - node.HeldBytes;
        int second = 0;
        for (; node.Changes.Count == 0 && second < minutes * 60; second++)
        {
            node.Subscriptions[("room", 17)] = room * second / (minutes * 60) / ModelNode.SubscriptionBytes;
            node.Look();
        }

        return TimeSpan.FromSeconds(second);
    }
}

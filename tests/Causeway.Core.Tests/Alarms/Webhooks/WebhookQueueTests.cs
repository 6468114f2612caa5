using Causeway.Core.Alarms;
using Causeway.Core.Alarms.Webhooks;
using Causeway.Core.Control;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Alarms.Webhooks;

public sealed class WebhookQueueTests
{
    private static readonly WebhookLimits Limits = new() { MaxWaiting = 10, MaxAlertsPerDelivery = 4 };

    private readonly WebhookQueue _queue = new(Limits, new Random(7));

    [Fact]
    public void What_is_added_is_taken_in_order_in_bounded_parts_and_one_delivery_is_on_its_way_at_a_time()
    {
        Assert.Null(_queue.Wait(default));
        Add(1, 2, 3, 4, 5, 6);
        Assert.Equal(TimeSpan.Zero, _queue.Wait(default));
        Assert.Equal(["k1", "k2", "k3", "k4"], Take());
        Assert.False(_queue.TryTake(default, out _));
        Assert.Null(_queue.Wait(default));
        _queue.OnDelivered();
        Assert.Equal(["k5", "k6"], Take());
        _queue.OnDelivered();
        Assert.False(_queue.TryTake(default, out _));
        Assert.Equal(new WebhookCounters(2, 0, 0, 0, 0, 0), _queue.Counters);
    }

    [Fact]
    public void News_of_an_alarm_that_waits_takes_its_place()
    {
        Add(1, 2);
        _queue.Add(Change(1, AlarmChangeKind.Closed), default);
        Assert.True(_queue.TryTake(default, out IReadOnlyList<AlarmChange> alarms));
        Assert.Equal([("k1", AlarmChangeKind.Closed), ("k2", AlarmChangeKind.Opened)], alarms.Select(change => (change.Alarm.Key, change.Kind)));
        Assert.Equal(1, _queue.Counters.Coalesced);
    }

    [Fact]
    public void A_failed_delivery_is_tried_again_with_longer_and_longer_pauses_and_with_the_news()
    {
        Add(1, 2);
        TimeSpan now = TimeSpan.Zero;
        double[] due = [1, 2, 4, 8, 16, 32, 60, 60, 60];
        foreach (double seconds in due)
        {
            Assert.Equal(2, Take(now).Count);
            _queue.OnFailed(now);
            Assert.False(_queue.TryTake(now, out _));
            TimeSpan pause = _queue.Wait(now)!.Value;
            Assert.InRange(pause.TotalSeconds, seconds * 0.5, seconds * 1.5);
            now += pause;
        }

        Take(now);
        _queue.Add(Change(1, AlarmChangeKind.Closed), now);
        Add(3);
        _queue.OnFailed(now);
        now += TimeSpan.FromMinutes(2);
        Assert.True(_queue.TryTake(now, out IReadOnlyList<AlarmChange> alarms));
        Assert.Equal([("k1", AlarmChangeKind.Closed), ("k2", AlarmChangeKind.Opened), ("k3", AlarmChangeKind.Opened)], alarms.Select(change => (change.Alarm.Key, change.Kind)));
        _queue.OnDelivered();
        Assert.Equal(new WebhookCounters(1, due.Length + 1, 0, 1, 0, 0), _queue.Counters);

        Add(4);
        Take(now);
        _queue.OnFailed(now);
        Assert.InRange(_queue.Wait(now)!.Value.TotalSeconds, 0.5, 1.5);
    }

    [Fact]
    public void Beyond_the_bound_the_one_that_waited_longest_is_dropped_and_counted()
    {
        for (int i = 0; i < 100; i++)
        {
            Add(i);
        }

        Assert.Equal((10, 90), (_queue.Counters.Waiting, _queue.Counters.Dropped));
        Assert.Equal(["k90", "k91", "k92", "k93"], Take());
    }

    [Fact]
    public void What_is_refused_is_not_tried_again_and_what_waited_too_long_is_given_up()
    {
        Add(1, 2);
        Take();
        _queue.OnRefused();
        Assert.Null(_queue.Wait(default));
        Assert.Equal((1, 2), (_queue.Counters.Refused, _queue.Counters.Dropped));
        Add(3);
        _queue.Add(Change(4), TimeSpan.FromHours(1));
        Assert.Equal(["k4"], Take(Limits.GiveUpAfter));
        Assert.Equal(3, _queue.Counters.Dropped);
    }

    /// <summary>Whatever happens: the bound holds, and every alarm added was told, replaced by news, dropped, or waits.</summary>
    [Fact]
    public void Nothing_is_lost_from_the_count() => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 20]).Array[0, 300].Sample(steps =>
    {
        WebhookQueue queue = new(Limits, new Random(1));
        long added = 0;
        long told = 0;
        int onTheWay = 0;
        TimeSpan now = default;
        foreach ((int step, int key) in steps)
        {
            now += TimeSpan.FromSeconds(key);
            if (step == 0 && onTheWay == 0 && queue.TryTake(now, out IReadOnlyList<AlarmChange> alarms))
            {
                onTheWay = alarms.Count;
                Assert.Equal(alarms.Count, alarms.Select(change => change.Alarm.Key).Distinct().Count());
            }
            else if (step == 1 && onTheWay > 0)
            {
                queue.OnFailed(now);
                onTheWay = 0;
            }
            else if (step == 2 && onTheWay > 0)
            {
                queue.OnDelivered();
                told += onTheWay;
                onTheWay = 0;
            }
            else
            {
                queue.Add(Change(key), now);
                added++;
            }

            WebhookCounters counters = queue.Counters;
            Assert.InRange(counters.Waiting, 0, Limits.MaxWaiting);
            Assert.Equal(added, told + counters.Coalesced + counters.Dropped + counters.Waiting);
        }
    });

    private static AlarmChange Change(int key, AlarmChangeKind kind = AlarmChangeKind.Opened) => new(kind, AlarmTimeline.Start, new AlarmReport
    {
        Key = $"k{key}",
        Rule = "r",
        Severity = AlarmSeverity.Warning,
        Subject = "s",
        Summary = "",
        Cause = "",
        OpenedAt = AlarmTimeline.Start,
    });

    private void Add(params int[] keys)
    {
        foreach (int key in keys)
        {
            _queue.Add(Change(key), default);
        }
    }

    private List<string> Take(TimeSpan now = default)
    {
        Assert.True(_queue.TryTake(now, out IReadOnlyList<AlarmChange> alarms));
        return [.. alarms.Select(change => change.Alarm.Key)];
    }
}

using System.Diagnostics;
using Causeway.Shaper;
using Xunit;

namespace Causeway.Compare.Tests.Shaping;

public sealed class LinkScheduleTests
{
    private static readonly long Second = Stopwatch.Frequency;

    private readonly LinkSchedule _schedule = new(new Random(1));

    [Fact]
    public void Bytes_arrive_after_their_own_time_on_the_link_and_the_latency()
    {
        LinkConditions conditions = new() { BytesPerSecond = 1000, Latency = TimeSpan.FromMilliseconds(100) };
        Assert.Equal(Second * 6 / 10, _schedule.Arrival(500, 0, conditions));
        Assert.Equal(Second * 11 / 10, _schedule.Arrival(500, 0, conditions));
        Assert.Equal((10 * Second) + (Second * 6 / 10), _schedule.Arrival(500, 10 * Second, conditions));
    }

    [Theory]
    [InlineData(62_500)]
    [InlineData(1_000_000)]
    [InlineData(3)]
    public void No_more_arrives_than_the_bandwidth_carries_however_it_comes(long rate)
    {
        LinkConditions conditions = new() { BytesPerSecond = rate };
        Random random = new(7);
        long now = 0;
        double idle = 0;
        double last = 0;
        long bytes = 0;
        for (int i = 0; i < 10_000; i++)
        {
            now += random.Next(3) == 0 ? random.NextInt64(Second / 100) : 0;
            idle += Math.Max(0, now - last);
            int count = random.Next(1, 5000);
            bytes += count;
            last = _schedule.Arrival(count, now, conditions);
            Assert.True(last - idle >= (bytes * (double)Second / rate) - i - 2, $"{bytes} bytes by {last}");
        }
    }

    [Fact]
    public void Jitter_stays_within_its_bounds()
    {
        LinkConditions conditions = new() { Latency = TimeSpan.FromMilliseconds(50), Jitter = TimeSpan.FromMilliseconds(20) };
        long[] arrivals = [.. Enumerable.Range(0, 1000).Select(_ => _schedule.Arrival(1, 0, conditions))];
        Assert.All(arrivals, arrival => Assert.InRange(arrival, Second * 50 / 1000, (Second * 70 / 1000) + 1));
        Assert.True(arrivals.Distinct().Count() > 500);
    }

    [Theory]
    [InlineData(62_500L, 100, 32_768, 6_875 + 32_768)]
    [InlineData(1_000_000_000L, 1000, 32_768, 16 * 1024 * 1024)]
    [InlineData(null, 1000, 32_768, 16 * 1024 * 1024)]
    public void A_connection_holds_bandwidth_times_latency_and_a_queue(long? rate, int milliseconds, int queue, int expected) =>
        Assert.Equal(expected, LinkSchedule.ConnectionBytes(new LinkConditions { BytesPerSecond = rate, Latency = TimeSpan.FromMilliseconds(milliseconds), QueueBytes = queue }));

    [Theory]
    [InlineData(62_500L, 1250)]
    [InlineData(100L, 256)]
    [InlineData(1_000_000_000L, 32_768)]
    [InlineData(null, 32_768)]
    public void Slow_links_read_little_at_a_time(long? rate, int expected) =>
        Assert.Equal(expected, LinkSchedule.ChunkBytes(new LinkConditions { BytesPerSecond = rate }));
}

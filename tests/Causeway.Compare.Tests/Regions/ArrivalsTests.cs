using System.Diagnostics;
using System.Text;
using Causeway.Compare.Regions;
using Xunit;

namespace Causeway.Compare.Tests.Regions;

public sealed class ArrivalsTests
{
    [Fact]
    public void What_is_skipped_and_what_is_missing_at_the_end_is_lost_and_what_came_before_the_first_is_not()
    {
        Arrivals arrivals = Of(5, 6, 9, 10);
        Assert.Equal(2, arrivals.Lost(11));
        Assert.Equal(5, arrivals.Lost(14));
        Assert.Equal((4, 11, 0), (arrivals.Count, arrivals.Next, arrivals.Disordered));
    }

    [Fact]
    public void Repeated_and_late_ones_are_counted_and_make_up_for_no_loss()
    {
        Arrivals arrivals = Of(0, 1, 1, 3, 2);
        Assert.Equal(2, arrivals.Disordered);
        Assert.Equal(1, arrivals.Lost(4));
    }

    [Fact]
    public void Without_any_arrival_all_is_lost_and_there_is_no_time()
    {
        Assert.Equal(7, new Arrivals().Lost(7));
        Assert.Null(new Arrivals().SecondsTo(0));
    }

    [Fact]
    public void Times_are_found_from_a_time_on()
    {
        long before = Stopwatch.GetTimestamp();
        Arrivals arrivals = Of(0, 1);
        long after = Stopwatch.GetTimestamp();
        Assert.InRange(arrivals.FirstAfter(before - 1)!.Value, before, after);
        Assert.Null(arrivals.FirstAfter(after));
        Assert.True(arrivals.LongestGap(before - Stopwatch.Frequency) >= 1);
        Assert.Equal(0, arrivals.LongestGap(after));
    }

    private static Arrivals Of(params int[] numbers)
    {
        Arrivals arrivals = new();
        foreach (int number in numbers)
        {
            arrivals.Add(Encoding.ASCII.GetBytes($"{number:D16}"));
        }

        return arrivals;
    }
}

using System.Diagnostics;
using Causeway.Bus.Transport;
using Xunit;

namespace Causeway.Bus.Tests.Transport;

public sealed class PollSpinTests
{
    [Fact]
    public void It_looks_at_once_and_for_a_short_time()
    {
        PollSpin spin = new();

        long until = spin.Until(1000);

        Assert.InRange(until, 1001, 1000 + (Stopwatch.Frequency / 1000));
    }

    [Fact]
    public void Where_looking_does_not_pay_only_one_in_32_is_tried()
    {
        PollSpin spin = new();

        int looks = CountLooks(spin, 3200, found: false);

        Assert.InRange(looks, 100, 104);
    }

    [Fact]
    public void Where_it_pays_it_is_done_each_time()
    {
        PollSpin spin = new();

        Assert.Equal(1000, CountLooks(spin, 1000, found: true));
    }

    [Fact]
    public void A_try_that_pays_begins_it_again()
    {
        PollSpin spin = new();
        CountLooks(spin, 100, found: false);

        int skipped = 0;
        while (spin.Until(1) == 0)
        {
            skipped++;
        }

        spin.Note(found: true);

        Assert.InRange(skipped, 0, 32);
        Assert.Equal(50, CountLooks(spin, 50, found: true));
    }

    private static int CountLooks(PollSpin spin, int wakes, bool found)
    {
        int looks = 0;
        for (int i = 0; i < wakes; i++)
        {
            if (spin.Until(1) != 0)
            {
                looks++;
                spin.Note(found);
            }
        }

        return looks;
    }
}

using Causeway.Core.Links;
using Xunit;

namespace Causeway.Core.Tests.Links;

/// <summary>A node that stood still itself does not take the others for dead.</summary>
public sealed class OwnPauseTests
{
    [Fact]
    public void A_look_that_comes_late_tells_for_how_long_the_node_stood_still()
    {
        OwnPause pause = new(lookMilliseconds: 100);
        Assert.Equal([0, 0, 0, 2900, 0], new long[] { 5000, 5100, 5490, 8490, 8590 }.Select(pause.Look));
    }

    [Fact]
    public void Silence_while_the_node_stood_still_is_none()
    {
        LinkMeter meter = new(new LinkLimits(), isWan: false, now: 1000);
        meter.OnReceived(10, now: 1100);
        Assert.True(meter.IsDead(4200));
        meter.Excuse(3000, now: 4200);
        Assert.False(meter.IsDead(4200));

        // Who goes on saying nothing is dead all the same.
        Assert.True(meter.IsDead(5600));
    }

    [Fact]
    public void Nothing_is_excused_beyond_now()
    {
        LinkMeter meter = new(new LinkLimits(), isWan: false, now: 1000);
        meter.OnReceived(10, now: 4100);
        meter.Excuse(3000, now: 4200);
        Assert.Equal(4200, meter.LastReceived);
    }
}

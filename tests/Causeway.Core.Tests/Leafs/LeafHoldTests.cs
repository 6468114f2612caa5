using Causeway.Core.Leafs;
using Xunit;

namespace Causeway.Core.Tests.Leafs;

/// <summary>When a node dials a hub.</summary>
public sealed class LeafHoldTests
{
    private static readonly LeafLimits Limits = new() { RedialPause = TimeSpan.FromMilliseconds(100), MaxRedialPause = TimeSpan.FromMilliseconds(1600) };

    [Fact]
    public void Failures_double_the_pause_with_jitter_up_to_its_limit_and_go_through_the_addresses()
    {
        LeafHold hold = Create();
        long now = 0;
        double pause = 100;
        for (int i = 0; i < 12; i++)
        {
            Assert.Equal(i % 2 == 0 ? "one:1" : "two:2", hold.TryDial(now));
            Assert.Null(hold.TryDial(now));
            hold.OnDialFailed("refused", now);
            Assert.Null(hold.TryDial(now + (long)(pause / 2) - 1));
            now += (long)pause;
            pause = Math.Min(pause * 2, 1600);
        }

        Assert.Equal(12, hold.Failures);
        Assert.Equal("refused", hold.LastFailure);
    }

    private static LeafHold Create() => new(
        new LeafRemote { Name = "hub", Tenant = "$G", Addresses = ["one:1", "two:2"] }, Limits, 1, null, new Random(7), 0);
}

using Causeway.Cli.Messaging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Cli.Tests.Messaging;

public sealed class PacerTests
{
    [Fact]
    public async Task Events_are_spread_evenly_and_late_ones_do_not_push_back_the_others()
    {
        FakeTimeProvider time = new();
        Pacer pacer = new(10, time);
        CancellationToken cancelled = TestContext.Current.CancellationToken;

        Assert.True(pacer.NextAsync(cancelled).AsTask().IsCompleted);
        Task second = pacer.NextAsync(cancelled).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await second;

        // Half a second behind: five are let through at once, then the pace is back.
        time.Advance(TimeSpan.FromMilliseconds(500));
        for (int i = 0; i < 5; i++)
        {
            Assert.True(pacer.NextAsync(cancelled).AsTask().IsCompleted);
        }

        Assert.False(pacer.NextAsync(cancelled).AsTask().IsCompleted);
    }
}

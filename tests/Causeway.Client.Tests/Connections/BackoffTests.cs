using Causeway.Client.Connections;
using CsCheck;
using Xunit;

namespace Causeway.Client.Tests.Connections;

public sealed class BackoffTests
{
    private static readonly ReconnectOptions Options = new()
    {
        DelayMin = TimeSpan.FromMilliseconds(100),
        DelayMax = TimeSpan.FromSeconds(5),
        StableAfter = TimeSpan.FromSeconds(10),
    };

    [Fact]
    public void Each_delay_is_drawn_below_a_bound_that_doubles_up_to_the_maximum() =>
        Gen.Int.Sample(seed =>
        {
            Backoff backoff = new(Options, new Random(seed));
            for (int attempt = 0; attempt < 200; attempt++)
            {
                double bound = Math.Min(5000, 100 * Math.Pow(2, attempt));
                Assert.InRange(backoff.Next().TotalMilliseconds, 0, bound);
            }
        });

    [Fact]
    public void The_delays_are_spread_over_their_range()
    {
        Random random = new(1);
        double[] first = [.. Enumerable.Range(0, 1000).Select(_ => new Backoff(Options, random).Next().TotalMilliseconds)];

        Assert.InRange(first.Average(), 45, 55);
        Assert.InRange(first.Min(), 0, 1);
        Assert.InRange(first.Max(), 99, 100);
    }

    [Fact]
    public void Only_a_stable_connection_begins_a_new_series()
    {
        Backoff backoff = new(Options, new FullDelay());
        Assert.Equal([100, 200, 400], Take(backoff, 3));
        backoff.ConnectionEnded(TimeSpan.FromSeconds(9.9));
        Assert.Equal([800, 1600], Take(backoff, 2));
        backoff.ConnectionEnded(TimeSpan.FromSeconds(10));
        Assert.Equal([100, 200], Take(backoff, 2));
    }

    private static double[] Take(Backoff backoff, int count) => [.. Enumerable.Range(0, count).Select(_ => Math.Round(backoff.Next().TotalMilliseconds))];

    private sealed class FullDelay : Random
    {
        public override double NextDouble() => 0.999_999;
    }
}

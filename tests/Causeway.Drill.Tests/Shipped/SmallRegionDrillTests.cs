using Xunit;

namespace Causeway.Drill.Tests.Shipped;

/// <summary>Shipped drills of whole regions, beside others. A director believes a region lost only after some seconds, at any scale.</summary>
public sealed class SmallRegionDrillTests
{
    [Theory]
    [InlineData("region-loss", "0.1", 24)]
    [InlineData("sydney-cut", "0.1", 6)]
    public Task A_shipped_drill_is_survived_at_small_scale(string name, string size, double seconds) => SmallDrill.IsSurvivedAsync(name, size, seconds);
}

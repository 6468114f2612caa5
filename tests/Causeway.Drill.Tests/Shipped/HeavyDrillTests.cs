using Xunit;

namespace Causeway.Drill.Tests.Shipped;

/// <summary>Shipped drills that need the machine for themselves, also small: a few stuck clients that get little hurt nobody.</summary>
[Collection("alone")]
public sealed class HeavyDrillTests
{
    [Theory]
    [InlineData("march-8", "0.3", 10)]
    [InlineData("slow-consumer-flood", "1", 12)]
    public Task A_shipped_drill_is_survived_at_small_scale(string name, string size, double seconds) => SmallDrill.IsSurvivedAsync(name, size, seconds);
}

/// <summary>Tests that nothing else runs beside.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;

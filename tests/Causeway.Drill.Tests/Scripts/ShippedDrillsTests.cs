using Causeway.Drill.Engine;
using Causeway.Drill.Scripts;
using Xunit;

namespace Causeway.Drill.Tests.Scripts;

public sealed class ShippedDrillsTests
{
    public static TheoryData<string> Names => [.. ShippedDrills.Names];

    [Fact]
    public void Seven_drills_are_shipped() => Assert.Equal(
        ["flapping-link", "march-8", "region-loss", "rolling-upgrade", "slow-consumer-flood", "subscription-storm", "sydney-cut"], ShippedDrills.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_shipped_drill_is_read_has_a_story_and_takes_minutes(string name)
    {
        DrillScript script = ShippedDrills.Find(name);
        Assert.Equal(name, script.Name);
        Assert.True(script.Story.Length > 100);
        Assert.NotEmpty(DrillPlan.Of(script).Actions);
        Assert.True(script.Lasts / script.TimeScale < TimeSpan.FromMinutes(4));
        Assert.Contains(script.Expectations, expected => expected.Key == "no-deaths");
        Assert.Contains(script.Expectations, expected => expected.Key == "memory-within-budget");
        Assert.Contains(script.Expectations, expected => expected.Key == "local-lost" && expected.Wanted.StartsWith("at most 0 ", StringComparison.Ordinal));
        Assert.Contains(script.Expectations, expected => expected.Key == "converged-within");
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones() => Assert.Equal(
        $"'march-9' is not a drill; accepted is {string.Join(", ", ShippedDrills.Names)}, or the path of a .yaml file",
        Assert.Throws<ArgumentException>(() => ShippedDrills.Find("march-9")).Message);

    [Fact]
    public void A_missing_file_is_named() => Assert.StartsWith(
        "'no/such.yaml' can't be read: ", Assert.Throws<ArgumentException>(() => ShippedDrills.Find("no/such.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_is_read_by_its_path()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("causeway-drill-").FullName, "own.yaml");
        File.WriteAllText(path, ScriptSamples.Whole);
        Assert.Equal("sample", ShippedDrills.Find(path).Name);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }
}

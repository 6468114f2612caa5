using Causeway.Drill.Report;
using Causeway.Drill.Scripts;
using CsCheck;
using Xunit;

namespace Causeway.Drill.Tests.Report;

public sealed class ChartScaleTests
{
    [Theory]
    [InlineData(0, false, new double[] { 0, 1, 2, 3, 4 })]
    [InlineData(37, false, new double[] { 0, 10, 20, 30, 40 })]
    [InlineData(100, false, new double[] { 0, 25, 50, 75, 100 })]
    [InlineData(402653184, true, new double[] { 0, 134217728, 268435456, 402653184 })]
    public void Ticks_are_round(double most, bool bytes, double[] ticks) => Assert.Equal(ticks, ChartScale.Of([Chart(most, bytes)]).Ticks);

    [Fact]
    public void Whatever_the_values_they_fit_and_ticks_are_few() => Gen.Select(Gen.Double[0, 1e15], Gen.Bool).Sample((most, bytes) =>
    {
        ChartScale scale = ChartScale.Of([Chart(most, bytes)]);
        Assert.True(scale.MostValue >= most);
        Assert.InRange(scale.Ticks.Count, 2, 6);
    });

    private static Chart Chart(double most, bool bytes) => new()
    {
        Title = "x",
        Say = bytes ? ScriptText.Bytes : ScriptText.Number,
        IsBytes = bytes,
        Lines = [new ChartLine("a", "s0", [0, most])],
        AtSeconds = [0, 1],
        Marks = [],
        Clock = seconds => $"{seconds}",
    };
}

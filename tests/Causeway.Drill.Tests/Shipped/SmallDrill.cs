using System.Globalization;
using System.Text;
using Causeway.Drill.Report;
using Causeway.Drill.Results;
using Causeway.Drill.Scripts;
using Xunit;

namespace Causeway.Drill.Tests.Shipped;

/// <summary>Runs shipped drills, small and fast, with real processes.</summary>
internal static class SmallDrill
{
    /// <summary>Runs one against Causeway, small, in about <paramref name="seconds"/> of the machine's clock, and asserts that it is survived.</summary>
    public static async Task IsSurvivedAsync(string name, string size, double seconds)
    {
        double scale = ShippedDrills.Find(name).Lasts.TotalSeconds / seconds;
        DrillResult result = await RunAsync(0, name, "--size", size, "--scale", scale.ToString("0.##", CultureInfo.InvariantCulture));
        Assert.Equal("causeway", result.Bus);
        Assert.True(result.IsMet);
        Assert.Equal(0, result.Figures.Single(figure => figure.Key == "local_lost").Value);
        Assert.True(result.Figures.Single(figure => figure.Key == "memory_peak_share").Value < 1);
        Assert.NotNull(result.ConvergedAfterSeconds);
        Assert.Contains("<h1>" + name + "</h1>", ReportPage.Of([result]), StringComparison.Ordinal);
    }

    /// <summary>Runs one; whether expectations are met counts only where an exit code is wanted.</summary>
    public static async Task<DrillResult> RunAsync(int? exitCode, params string[] arguments)
    {
        (int code, string output, string timeline) = await DrillProcess.RunAsync([.. arguments, "--json", "-"]);
        Assert.True(code == (exitCode ?? code) && code is 0 or 6, $"exit code {code}\n{timeline}");
        return Assert.Single(ResultFile.Read("output", Encoding.UTF8.GetBytes(output)));
    }
}

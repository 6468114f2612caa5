using System.Diagnostics;
using Causeway.Drill.Results;
using Causeway.Drill.Scripts;
using Causeway.Drill.Tests.Expectations;
using Causeway.Drill.Tests.Results;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Drill.Tests.Shipped;

public sealed class DrillCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("causeway-drill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData]
    [InlineData("list")]
    public async Task The_shipped_drills_are_listed(params string[] arguments)
    {
        (int code, string output, _) = await DrillProcess.RunAsync(arguments);
        Assert.Equal(0, code);
        Assert.All(ShippedDrills.Names, name => Assert.Contains(ShippedDrills.Find(name).Description, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("causeway drill: 'march-9' is not a drill; accepted is flapping-link", "march-9")]
    [InlineData("--bus: 'kafka' is not a bus; accepted is causeway, nats-server or both", "march-8", "--bus", "kafka")]
    [InlineData("--size: '0' is too small; accepted is a number such as 30 or 0.1, from 0.001 to 100", "march-8", "--size", "0")]
    [InlineData("--scale: '1' is too small for this drill", "march-8", "--scale", "1")]
    [InlineData("can't be written", "march-8", "--report", "no/such/folder/report.html")]
    [InlineData("'a.json' can't be read", "compare", "a.json", "b.json", "--report", "r.html")]
    public async Task What_is_wrong_is_told_before_anything_starts(string error, params string[] arguments)
    {
        (int code, string output, string told) = await DrillProcess.RunAsync(arguments);
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains(error, told, StringComparison.Ordinal);
        Assert.Single(told.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task An_error_in_a_script_names_its_line()
    {
        string path = Write("own.yaml", "name: own\ndescription: x\nlasts: forever\n");
        (int code, _, string told) = await DrillProcess.RunAsync(path);
        Assert.Equal(1, code);
        Assert.Equal($"causeway drill: {path}:3: lasts: 'forever' can't be read; accepted is a time above 0 such as 500ms, 90s, 2m or 1h30m, up to a day\n", told);
    }

    [Fact]
    public async Task Two_results_are_laid_side_by_side()
    {
        string left = Path.Combine(_folder, "left.json"), right = Path.Combine(_folder, "right.json"), report = Path.Combine(_folder, "report.html");
        File.WriteAllBytes(left, ResultFile.Write([Samples.Eventful()]));
        File.WriteAllBytes(right, ResultFile.Write([Samples.Of(Records.Good() with { Bus = "nats-server" })]));
        (int code, string output, _) = await DrillProcess.RunAsync("compare", left, right, "--report", report);
        Assert.Equal((0, $"report: {report}\n"), (code, output));
        Assert.Contains("sample: causeway and nats-server", await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expectation_that_is_not_met_has_an_exit_code_of_its_own()
    {
        string path = Write("own.yaml", """
            name: own
            description: Nothing happens
            lasts: 2s
            regions: [east]
            nodes: 1
            memory-limit: 256MiB
            load:
              east: {clients: 2, local: 20}
            expect:
              - slow-consumers-closed: 1
            """);
        (int code, string output, _) = await DrillProcess.RunAsync(path);
        Assert.Equal(6, code);
        Assert.Contains("NOT MET", output, StringComparison.Ordinal);
        Assert.Contains("causeway: 1 of 2 expectations are not met", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupting_leaves_nothing_behind()
    {
        using Process process = DrillProcess.Start("sydney-cut", "--size", "0.1");
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync();
        }
        while (line is not null && !line.Contains("the script begins", StringComparison.Ordinal));

        int[] children = [.. Directory.EnumerateDirectories($"/proc/{process.Id}/task").SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(int.Parse)];
        Assert.NotEmpty(children);
        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).InTimeAsync();
        Assert.Equal(130, process.ExitCode);
        Assert.All(children, child => Assert.False(Directory.Exists($"/proc/{child}")));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}

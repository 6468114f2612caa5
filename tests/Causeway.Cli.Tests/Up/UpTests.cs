using System.Net;
using System.Text.Json;
using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Up;

/// <summary><c>causeway up</c> as a user runs it: what it prints, and that nothing of it is left whatever ends it.</summary>
public sealed class UpTests
{
    private const string OwnDrill = """
        name: own
        description: A node goes and comes back
        lasts: 6s
        regions: [paris, tokyo]
        nodes: 1
        memory-limit: 256MiB
        load:
          paris: {clients: 4, local: 20}
          tokyo: {clients: 4, local: 20}
        steps:
          - at: 1s
            kill: tokyo/1
          - at: 3s
            restart: tokyo/1
        expect:
          - no-deaths
          - clients-back-within: 30s
        """;

    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_prints_where_everything_is_and_Ctrl_C_ends_all_of_it()
    {
        using TemporaryFolder logs = new();
        await using CausewayProcess up = CausewayProcess.Start(null, "up", "--regions", "paris,tokyo", "--nodes", "1", "--json", "--logs", logs.Path);
        int[] processes = await ProcessesAsync(up, logs.Path, 2);
        up.Interrupt();
        ProgramResult result = await up.EndAsync();
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("ending...", result.Errors);
        Assert.DoesNotContain(result.Errors, line => line.StartsWith("node ", StringComparison.Ordinal));
        Assert.All(processes, process => Assert.False(Lives(process)));
        using JsonDocument report = JsonDocument.Parse(result.Text);
        JsonElement[] nodes = [.. report.RootElement.GetProperty("nodes").EnumerateArray()];
        Assert.Equal(["paris-1", "tokyo-1"], nodes.Select(node => node.GetProperty("name").GetString()));
        Assert.Equal(processes.Order(), nodes.Select(node => node.GetProperty("process").GetInt32()).Order());
        Assert.StartsWith("http://127.0.0.1:", report.RootElement.GetProperty("director_url").GetString(), StringComparison.Ordinal);
        Assert.Equal(Path.Combine(logs.Path, "operator.token"), report.RootElement.GetProperty("operator_token_file").GetString());
        Assert.Equal(100, report.RootElement.GetProperty("links")[0].GetProperty("rtt_ms").GetInt32());
    }

    [Fact]
    public async Task Nothing_is_left_when_it_is_killed()
    {
        using TemporaryFolder logs = new();
        CausewayProcess up = CausewayProcess.Start(null, "up", "--regions", "2", "--nodes", "1", "--no-load", "--logs", logs.Path);
        int[] processes;
        await using (up)
        {
            processes = await ProcessesAsync(up, logs.Path, 2);
            up.Kill();
        }

        await Eventually.TrueAsync(() => !processes.Any(Lives));
    }

    [Fact]
    public async Task It_says_which_node_left_and_which_died_and_why_and_ends_when_none_is_left()
    {
        using TemporaryFolder logs = new();
        await using CausewayProcess up = CausewayProcess.Start(null, "up", "--regions", "1", "--nodes", "2", "--no-load", "--logs", logs.Path);
        int[] processes = await ProcessesAsync(up, logs.Path, 2);
        CausewayProcess.Terminate(processes[0]);
        await Eventually.TrueAsync(() => up.Errors.Any(line => line.EndsWith(" has left: it was drained or stopped, and ended in good order", StringComparison.Ordinal)));
        CausewayProcess.Kill(processes[1]);
        ProgramResult result = await up.EndAsync();
        Assert.Equal(5, result.ExitCode);
        string died = Assert.Single(result.Errors, line => line.Contains(" died: ", StringComparison.Ordinal));
        Assert.Matches("^node us-east-1-[12] died: killed by SIGKILL", died);
        Assert.Equal("causeway up: no node is left", result.Errors[^1]);
    }

    [Fact]
    public async Task An_operator_starts_a_drill_on_the_page_sees_it_and_stops_another()
    {
        using TemporaryFolder logs = new();
        string own = Path.Combine(logs.Path, "own.yaml");
        await File.WriteAllTextAsync(own, OwnDrill, TestContext.Current.CancellationToken);
        await using CausewayProcess up = CausewayProcess.Start(null, "up", "--regions", "paris,tokyo", "--nodes", "1", "--logs", logs.Path, "--drill", own, "--json");
        await ProcessesAsync(up, logs.Path, 2);
        Uri director = new(up.Errors.Single(line => line.Contains("Director director-1 serves ", StringComparison.Ordinal)).Split(' ')[^1]);
        using OperatorSession session = await OperatorSession.LogInAsync(director, await File.ReadAllTextAsync(Path.Combine(logs.Path, "operator.token"), TestContext.Current.CancellationToken));
        Assert.Equal(["node-kill", "link-stall", "own"], await session.DrillsAsync());

        Assert.Equal(HttpStatusCode.Forbidden, (await session.ActAsync("start-drill", new { name = "own" }, hasCsrf: false)).Status);
        Assert.Equal((HttpStatusCode.Conflict, "there is no drill 'march-8' here; accepted is node-kill, link-stall, own"), await session.ActAsync("start-drill", new { name = "march-8" }));
        Assert.Equal((HttpStatusCode.OK, ""), await session.ActAsync("start-drill", new { name = "own" }));
        Assert.Equal(HttpStatusCode.Conflict, (await session.ActAsync("start-drill", new { name = "own" })).Status);
        JsonElement ended = await session.DrillAsync(drill => !drill.GetProperty("is_running").GetBoolean(), Most);
        string report = Path.Combine(logs.Path, "drill-own.html");
        Assert.Equal($"all expectations are met. Report: {report}", ended.GetProperty("step").GetString());
        Assert.Equal((3, 0), (ended.GetProperty("held").GetInt32(), ended.GetProperty("failed").GetInt32()));
        string page = await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken);
        Assert.Contains("<h1>own</h1>", page, StringComparison.Ordinal);
        Assert.Contains("node tokyo/1 is killed", page, StringComparison.Ordinal);

        Assert.Equal((HttpStatusCode.OK, ""), await session.ActAsync("start-drill", new { name = "link-stall" }));
        await session.DrillAsync(drill => IsStall(drill) && drill.GetProperty("progress").GetDouble() > 0, Most);
        Assert.Equal((HttpStatusCode.OK, ""), await session.ActAsync("stop-drill", new { }));
        JsonElement stopped = await session.DrillAsync(drill => IsStall(drill) && !drill.GetProperty("is_running").GetBoolean(), Most);
        Assert.Equal("stopped before its end", stopped.GetProperty("step").GetString());

        up.Interrupt();
        Assert.Equal(0, (await up.EndAsync()).ExitCode);
        Assert.DoesNotContain(up.Errors, line => line.Contains("died", StringComparison.Ordinal));
        Assert.Contains("director: Operator: stop the drill: done", up.Errors);
    }

    [Fact]
    public async Task A_drill_that_does_not_fit_is_refused_before_anything_starts()
    {
        ProgramResult result = await CausewayProcess.RunAsync(null, ["up", "--regions", "paris,tokyo", "--drill", "sydney-cut"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["causeway up: --drill: 'sydney-cut' does not fit: there is no region 'us-east-1'; regions are paris, tokyo"], result.Errors);
    }

    [Theory]
    [InlineData("--regions", "7")]
    [InlineData("--regions", "a,a")]
    [InlineData("--nodes", "0")]
    public async Task What_can_not_be_is_refused_in_one_line(string option, string value)
    {
        ProgramResult result = await CausewayProcess.RunAsync(null, ["up", option, value]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("accepted is", string.Concat(result.Errors).Replace("accepted are", "accepted is", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>Waits until all is up, and gives the nodes' processes.</summary>
    private static async Task<int[]> ProcessesAsync(CausewayProcess up, string folder, int nodes)
    {
        await up.SaysAsync("up; Ctrl-C ends all of it");
        int[] processes = [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(int.Parse!)
            .Where(process => CommandLine(process).Contains(folder, StringComparison.Ordinal) && CommandLine(process).Contains("\0serve\0", StringComparison.Ordinal))];
        Assert.Equal(nodes, processes.Length);
        return processes;
    }

    private static bool IsStall(JsonElement drill) => drill.GetProperty("name").GetString() == "link-stall";

    private static bool Lives(int process) => CommandLine(process).Length > 0;

    /// <summary>Empty for a process that is gone, or dead and not yet buried.</summary>
    private static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

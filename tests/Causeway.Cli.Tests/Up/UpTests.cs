using System.Text.Json;
using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Up;

/// <summary><c>causeway up</c> as a user runs it: what it prints, and that nothing of it is left whatever ends it.</summary>
public sealed class UpTests
{
    [Fact]
    public async Task It_prints_where_everything_is_and_Ctrl_C_ends_all_of_it()
    {
        using TemporaryFolder logs = new();
        await using CausewayProcess up = CausewayProcess.Start(null, "up", "--regions", "paris,tokyo", "--nodes", "1", "--json", "--logs", logs.Path);
        int[] processes = await ProcessesAsync(up, logs.Path, 2);
        up.Interrupt();
        ProgramResult result = await up.EndAsync();
        Assert.Equal(0, result.ExitCode);
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
    public async Task It_says_which_node_died_and_why_and_ends_when_none_is_left()
    {
        using TemporaryFolder logs = new();
        await using CausewayProcess up = CausewayProcess.Start(null, "up", "--regions", "1", "--nodes", "1", "--no-load", "--logs", logs.Path);
        int process = (await ProcessesAsync(up, logs.Path, 1))[0];
        CausewayProcess.Kill(process);
        ProgramResult result = await up.EndAsync();
        Assert.Equal(5, result.ExitCode);
        Assert.Contains(result.Errors, line => line.StartsWith("node us-east-1-1 died: killed by SIGKILL", StringComparison.Ordinal));
        Assert.Equal("causeway up: no node is left", result.Errors[^1]);
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

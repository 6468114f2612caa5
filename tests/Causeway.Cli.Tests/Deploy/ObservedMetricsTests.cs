using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Deploy;

/// <summary>
/// The Grafana dashboard and Prometheus' rules use metrics that a real node and a real director export, here a deployment whose nodes ask
/// who comes and whose director logs in as a user of the system account.
/// </summary>
public sealed partial class ObservedMetricsTests
{
    private const string Password = "hunter2hunter2";

    private const string Configuration = """
        system_account: SYS
        authorization { timeout: 30 }
        accounts {
          SYS { users: [ { user: director, password: hunter2hunter2 } ] }
          APP { users: [ { user: app, password: p } ] }
        }
        """;

    /// <summary>What is there only once something happened.</summary>
    private static readonly string[] Later = ["causeway_alarms_open"];

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    [Fact]
    public async Task Every_metric_exists_and_a_director_that_logs_in_hears_its_nodes()
    {
        (int clients, int pages, int links, int director) = (FreePorts.Take(), FreePorts.Take(), FreePorts.Take(), FreePorts.Take());
        string file = Path.Combine(Path.GetTempPath(), $"causeway-test-{Guid.NewGuid():N}.conf");
        await File.WriteAllTextAsync(file, Configuration, TestContext.Current.CancellationToken);
        await using CausewayProcess node = CausewayProcess.Start(
            null, "serve", "-c", file, "--listen", $"127.0.0.1:{clients}", "--http", $"127.0.0.1:{pages}", "--name", "n1", "--region", "east", "--link-listen", $"127.0.0.1:{links}",
            "--remote", $"west=127.0.0.1:{FreePorts.Take()}", "--trace-messages", "10");
        await node.SaysAsync("listening for clients");
        await using CausewayProcess other = CausewayProcess.Start(
            null, "serve", "-c", file, "--listen", "127.0.0.1:0", "--http", "off", "--name", "n2", "--region", "east", "--link-listen", "127.0.0.1:0", "--peers", $"127.0.0.1:{links}");
        await node.SaysAsync("LAN link to n2");
        await using CausewayProcess stranger = CausewayProcess.Start(
            null, "director", "--listen", $"127.0.0.1:{FreePorts.Take()}", "--server", $"nats://director:wrong{Password}@127.0.0.1:{clients}");
        await using CausewayProcess directs = CausewayProcess.Start(
            null, "director", "--listen", $"127.0.0.1:{director}", "--server", $"nats://director:{Password}@127.0.0.1:{clients}");
        await directs.SaysAsync("serves");

        HashSet<string> wanted = [];
        foreach (string used in UsedFiles())
        {
            string[] names = [.. Name().Matches(await File.ReadAllTextAsync(used, TestContext.Current.CancellationToken)).Select(match => match.Value).Distinct()];
            Assert.True(names.Length > 10, used);
            wanted.UnionWith(names.Except(Later));
        }

        // Some are there only once a link stands and was measured, or the director has heard both nodes.
        (string ofNode, string ofDirector) = ("", "");
        HashSet<string> exported = [];
        await Eventually.EqualAsync("", () =>
        {
            (ofNode, ofDirector) = (Read(pages, "/metrics"), Read(director, "/metrics"));
            exported = [.. Name().Matches(ofNode + ofDirector).Select(match => match.Value)];
            return Task.FromResult(string.Join(", ", wanted.Except(exported).Order()));
        });

        string documented = await File.ReadAllTextAsync(Path.Combine(DeployedFiles.Root, "docs", "monitoring.md"), TestContext.Current.CancellationToken);
        Assert.Equal([], exported.Except(Name().Matches(documented).Select(match => match.Value)));
        Assert.All(exported, name => Assert.True(
            !name.Contains("bytes_bytes", StringComparison.Ordinal) && (ofNode + ofDirector).Contains($"# HELP {name} ", StringComparison.Ordinal), $"{name} has no help"));
        await stranger.SaysAsync("Authorization Violation");
        string[] texts = [ofNode, ofDirector, Read(director, "/regions?peek=true"), .. node.Errors, .. directs.Errors, .. stranger.Errors];
        Assert.DoesNotContain(texts, text => text.Contains(Password, StringComparison.Ordinal));
        File.Delete(file);

        // It goes on at the other node, which it was told of, as the same user.
        node.Kill();
        await node.EndAsync();
        double before = Reports();
        await Eventually.TrueAsync(() => Reports() >= before + 3);

        double Reports() => Read(director, "/metrics").Split('\n')
            .Where(line => line.StartsWith("causeway_director_reports_total{", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 2)..].Split(' ')[0], CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("check", "rules", "causeway.rules.yml")]
    [InlineData("test", "rules", "causeway.rules.test.yml")]
    public async Task Promtool_finds_nothing_wrong(params string[] arguments)
    {
        ProcessStartInfo start = new("promtool", arguments)
        {
            WorkingDirectory = Path.Combine(DeployedFiles.Folder, "prometheus"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process promtool = Process.Start(start)!;
        Task<string> output = promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken).InTimeAsync();

        Assert.True(promtool.ExitCode == 0, $"promtool (Debian: prometheus, see tests/prepare): {await output}{await errors}");
    }

    [Fact]
    public void The_dashboard_is_whole()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(UsedFiles()[0]));
        JsonElement[] panels = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()];

        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels.Where(panel => panel.GetProperty("type").GetString() != "row"), panel => Assert.NotEqual(0, panel.GetProperty("targets").GetArrayLength()));
        Assert.Empty(
            from one in panels
            from other in panels
            where one.GetProperty("id").GetInt32() < other.GetProperty("id").GetInt32() && Overlap(one.GetProperty("gridPos"), other.GetProperty("gridPos"))
            select $"{one.GetProperty("title")} and {other.GetProperty("title")}");
    }

    private static bool Overlap(JsonElement one, JsonElement other) => Meets(one, other, "x", "w") && Meets(one, other, "y", "h");

    private static bool Meets(JsonElement one, JsonElement other, string at, string size) =>
        one.GetProperty(at).GetInt32() < other.GetProperty(at).GetInt32() + other.GetProperty(size).GetInt32()
        && other.GetProperty(at).GetInt32() < one.GetProperty(at).GetInt32() + one.GetProperty(size).GetInt32();

    private static string[] UsedFiles() =>
        [Path.Combine(DeployedFiles.Folder, "grafana", "causeway.json"), Path.Combine(DeployedFiles.Folder, "prometheus", "causeway.rules.yml")];

    private static string Read(int port, string path) => Http.GetStringAsync(new Uri($"http://127.0.0.1:{port}{path}")).GetAwaiter().GetResult();

    [GeneratedRegex("causeway_[a-z_]+")]
    private static partial Regex Name();
}

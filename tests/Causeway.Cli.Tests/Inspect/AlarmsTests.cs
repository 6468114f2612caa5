using System.Text.Json;
using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Inspect;

/// <summary><c>causeway alarms</c>, and the options of <c>causeway serve</c> for alarms.</summary>
public sealed class AlarmsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_alarms_are_shown_with_their_causes_and_written_to_the_incident_log()
    {
        string file = Path.Combine(Path.GetTempPath(), $"causeway-alarms-{Guid.NewGuid():n}.jsonl");
        string nobody = $"127.0.0.1:{FreePorts.Take()}";
        try
        {
            await using InspectedNode node = await InspectedNode.StartAsync("n1", "east", "--remote", $"west={nobody}", "--incident-log", file, "--alarm-webhook", $"http://{nobody}/hook");
            using HttpClient http = new();
            await Eventually.TrueAsync(() => http.GetStringAsync(new Uri($"http://{node.Http}/alarmz"), Cancelled).GetAwaiter().GetResult() is var page
                && page.Contains("region_unreachable", StringComparison.Ordinal) && page.Contains("Connection refused", StringComparison.Ordinal));

            ProgramResult alarms = await CausewayProcess.RunAsync(null, ["alarms", "--http", node.Http]);
            Assert.Equal((0, 0), (alarms.ExitCode, alarms.Errors.Length));
            Assert.StartsWith("node n1 in region east; alarms open: ", alarms.Lines[0], StringComparison.Ordinal);
            Assert.Contains(alarms.Lines, line => line.StartsWith("SEVERITY  SINCE", StringComparison.Ordinal));
            string row = alarms.Lines.First(line => line.Contains("region_unreachable/west", StringComparison.Ordinal));
            Assert.StartsWith("critical", row, StringComparison.Ordinal);
            Assert.EndsWith($"messages can't go to region west  {nobody} is dialled: can't connect: Connection refused", row, StringComparison.Ordinal);
            Assert.Contains(alarms.Lines, line => line.StartsWith($"http://{nobody} ", StringComparison.Ordinal));

            ProgramResult json = await CausewayProcess.RunAsync(null, ["alarms", "--json", "--recent", "1", "--http", node.Http]);
            using JsonDocument recent = JsonDocument.Parse(json.Text);
            Assert.Equal(1, recent.RootElement.GetProperty("recent").GetArrayLength());
            await Eventually.TrueAsync(() => File.ReadAllText(file).Contains("region_unreachable", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_node_without_alarms_says_so_and_one_that_cannot_be_reached_is_exit_code_2()
    {
        await using InspectedNode node = await InspectedNode.StartAsync("alone");
        ProgramResult alarms = await CausewayProcess.RunAsync(null, ["alarms", "--http", node.Http]);
        Assert.Equal((0, "node alone by itself, in no region; alarms open: 0, critical ones among them: 0"), (alarms.ExitCode, alarms.Lines[0]));

        string nobody = $"127.0.0.1:{FreePorts.Take()}";
        ProgramResult result = await CausewayProcess.RunAsync(null, ["alarms", "--http", nobody]);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal([$"causeway alarms: can't reach {nobody}: connection refused"], result.Errors);
    }

    [Theory]
    [InlineData("causeway serve: --alarm-webhook: 'ftp://x' is no address; accepted is http://host:port/path or https://...", "--alarm-webhook", "ftp://x")]
    [InlineData("causeway serve: alarm-growth-window is 1 s; accepted is 4 s to 600 s, with a hold of a quarter of it at least", "--alarm-growth-window", "1s")]
    [InlineData("causeway serve: --incident-log: '/nowhere/at/all' can't be written: Could not find a part of the path '/nowhere/at/all'.", "--incident-log", "/nowhere/at/all")]
    public async Task Options_that_do_not_fit_are_one_line_and_exit_code_1(string error, params string[] options)
    {
        ProgramResult result = await CausewayProcess.RunAsync(null, ["serve", "--listen", "127.0.0.1:0", "--http", "off", .. options]);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal([error], result.Errors);
    }
}

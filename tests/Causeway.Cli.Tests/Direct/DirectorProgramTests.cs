using System.Net.Http.Headers;
using System.Text.Json;
using Causeway.Cli.Tests.Inspect;
using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Direct;

/// <summary>A director as a process of its own, and what operators have it do to real nodes.</summary>
public sealed class DirectorProgramTests
{
    private const string Serves = "Director d1 serves ";
    private const long Budget = 200_000_000;

    private static readonly string[] Leaving = ["--lame-duck-grace", "0s", "--lame-duck-duration", "1s"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operators_change_limits_and_empty_a_region_and_webhooks_that_hang_hold_up_no_others()
    {
        using TemporaryFolder folder = new();
        string tokenFile = Path.Combine(folder.Path, "token");
        await File.WriteAllTextAsync(tokenFile, "a token of operators", Token);
        using WebhookReceiver hanging = new() { Then = 0 };
        using WebhookReceiver told = new();
        await using InspectedNode east = await InspectedNode.StartAsync("e1", "east", Leaving);
        await using InspectedNode lost = await InspectedNode.StartAsync("e2", "east", [.. Leaving, "--peers", east.Links]);
        await using InspectedNode west = await InspectedNode.StartAsync("w1", "west", [.. Leaving, "--remote", $"east={east.Links}"]);
        await using CausewayProcess program = CausewayProcess.Start(
            null, "director", "--name", "d1", "--listen", "127.0.0.1:0", "--server", $"nats://{east.Clients}", "--operator-token-file", tokenFile,
            "--alarm-webhook", hanging.Url.ToString(), "--alarm-webhook", told.Url.ToString());
        await program.SaysAsync(Serves);
        Uri director = new(program.Errors.Single(line => line.Contains(Serves, StringComparison.Ordinal)).Split(' ')[^1]);
        using HttpClient http = new() { BaseAddress = director };

        // It has heard of every node, also of the one that is lost next.
        await Eventually.EqualAsync((2, 3), async () =>
        {
            JsonElement[] regions = [.. (await JsonAsync(http, new Uri(director, "/regions?peek=true"))).GetProperty("regions").EnumerateArray()];
            return (regions.Length, regions.Sum(region => region.GetProperty("urls").GetArrayLength()));
        });

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "a token of operators");
        string limit = await AnswerAsync(http, $"/memory-limit/west/w1?bytes={Budget}");
        Assert.Equal("{\"problem\":\"\"}", limit);
        JsonElement memory = await JsonAsync(http, new Uri($"http://{west.Http}/memz"));
        Assert.Equal(Budget, memory.GetProperty("budget").GetProperty("limit_bytes").GetInt64());

        lost.Kill();
        ProgramResult drained = await CausewayProcess.RunAsync(
            null, ["drain", "region", "west", "--stop-nodes", "--deadline", "1s", "--director", director.ToString(), "--token-file", tokenFile]);
        Assert.Equal((0, ""), (drained.ExitCode, string.Join('|', drained.Errors)));
        Assert.StartsWith("region west is being drained: ", drained.Text, StringComparison.Ordinal);
        Assert.Equal(0, await west.EndAsync());

        await Eventually.TrueAsync(() => told.Bodies.Any(body => Names(body, "node_lost")));
        await Eventually.TrueAsync(() => !hanging.Bodies.IsEmpty);
        string receiver = $"webhook=\"{told.Url.GetLeftPart(UriPartial.Authority)}\"";
        await Eventually.EqualAsync(true, async () => (await http.GetStringAsync(new Uri(director, "/metrics"), Token)).Split('\n')
            .Any(line => line.StartsWith("causeway_alarm_webhook_deliveries_total{", StringComparison.Ordinal) && line.Contains(receiver, StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal)));

        ProgramResult noNode = await CausewayProcess.RunAsync(null, ["alarms", "--http", director.Authority]);
        Assert.Equal((5, $"causeway alarms: {director.Authority} answers with status 404: no node's monitoring is there; accepted is what a node listens on for --http"), (noNode.ExitCode, string.Join('|', noNode.Errors)));
        program.Terminate();
        Assert.Equal(0, (await program.EndAsync()).ExitCode);
    }

    private static bool Names(JsonElement payload, string rule) =>
        payload.GetProperty("alerts").EnumerateArray().Any(alert => alert.GetProperty("labels").GetProperty("alertname").GetString() == rule);

    private static async Task<JsonElement> JsonAsync(HttpClient http, Uri page)
    {
        using JsonDocument document = JsonDocument.Parse(await http.GetStringAsync(page, Token));
        return document.RootElement.Clone();
    }

    private static async Task<string> AnswerAsync(HttpClient http, string path)
    {
        using HttpResponseMessage answer = await http.PostAsync(new Uri(path, UriKind.Relative), null, Token);
        return await answer.Content.ReadAsStringAsync(Token);
    }
}

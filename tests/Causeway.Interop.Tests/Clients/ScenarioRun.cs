using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Clients;

/// <summary>
/// Runs a program that uses a real client library and reports one line of JSON for each of its checks. A check may ask
/// for an action on the server; it gets a line on its standard input once that is done.
/// </summary>
public static class ScenarioRun
{
    private static readonly TimeSpan RunDeadline = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Fails unless exactly the expected checks were reported, in order, and all passed: a program that dies early, or
    /// leaves a check out, is no success.
    /// </summary>
    public static async Task AssertPassesAsync(
        Launch launch, IReadOnlyList<string> expectedChecks, Func<string, Task>? act = null)
    {
        var lines = Channel.CreateUnbounded<string>();
        await using ChildProcess program = ChildProcess.Start(launch, line => lines.Writer.TryWrite(line));
        Task<bool> ended = EndAsync(program, lines.Writer);
        List<Report> checks = [];
        List<Report> failures = [];

        await foreach (string line in lines.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Report report = Read(line, program);
            if (report.Ask is not null)
            {
                await AnswerAsync(program, report.Ask, act);
            }
            else
            {
                checks.Add(report);
                if (!report.Ok)
                {
                    failures.Add(report);
                }
            }
        }

        Assert.True(await ended, $"{launch} did not end in time.\n{program.Log}");
        Assert.True(failures.Count == 0, $"{launch}\n" + string.Join('\n', failures.Select(f => $"{f.Check}: {f.Error}")));
        string[] reported = [.. checks.Select(check => check.Check ?? "(no name)")];
        Assert.True(
            reported.SequenceEqual(expectedChecks),
            $"{launch}\nexpected: {string.Join(" | ", expectedChecks)}\nreported: {string.Join(" | ", reported)}\n{program.Log}");
        Assert.True(program.ExitCode == 0, $"{launch} ended with {program.ExitCode}.\n{program.Log}");
    }

    private static async Task<bool> EndAsync(ChildProcess program, ChannelWriter<string> lines)
    {
        bool ended = await program.WaitForExitAsync(RunDeadline);
        lines.TryComplete();
        return ended;
    }

    private static Report Read(string line, ChildProcess program)
    {
        try
        {
            return JsonSerializer.Deserialize<Report>(line) ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            throw new InvalidOperationException($"Not a report: {line}\n{program.Log}");
        }
    }

    private static async Task AnswerAsync(ChildProcess program, string action, Func<string, Task>? act)
    {
        Assert.True(act is not null, $"The scenario asks for '{action}', which this test does not offer.");
        await act(action);
        await program.Input.WriteLineAsync("done");
        await program.Input.FlushAsync(CancellationToken.None).InTimeAsync();
    }

    private sealed record Report
    {
        [JsonPropertyName("check")]
        public string? Check { get; init; }

        [JsonPropertyName("ok")]
        public bool Ok { get; init; }

        [JsonPropertyName("error")]
        public string? Error { get; init; }

        [JsonPropertyName("ask")]
        public string? Ask { get; init; }
    }
}

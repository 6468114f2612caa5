using Causeway.Interop.Tests.Servers;
using Xunit.Sdk;

namespace Causeway.Interop.Tests.Clients;

/// <summary>A scenario that does not report everything must fail, or the other tests here would prove nothing.</summary>
public sealed class ScenarioRunTests
{
    private const string Passed = """echo '{"check":"one","ok":true}';""";

    [Fact]
    public Task Passes_when_all_checks_were_reported() => RunAsync($"{Passed} exit 0", "one");

    [Theory]
    [InlineData("exit 0")]
    [InlineData(Passed + "exit 1")]
    [InlineData(Passed + Passed + "exit 0")]
    [InlineData("""echo '{"check":"two","ok":true}'; exit 0""")]
    [InlineData("""echo '{"check":"one","ok":false,"error":"why"}'; exit 0""")]
    [InlineData("""echo '{"ask":"restart"}'; exit 0""")]
    public Task Fails_when(string script) =>
        Assert.ThrowsAnyAsync<XunitException>(() => RunAsync(script, "one"));

    [Fact]
    public Task Fails_when_a_check_is_missing() =>
        Assert.ThrowsAnyAsync<XunitException>(() => RunAsync($"{Passed} exit 0", "one", "two"));

    [Fact]
    public Task Fails_on_a_line_that_is_no_report() =>
        Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync("echo hello; exit 0", "one"));

    [Fact]
    public async Task Answers_what_a_scenario_asks_for()
    {
        List<string> asked = [];

        await ScenarioRun.AssertPassesAsync(
            Shell("""echo '{"ask":"restart"}'; read answer; echo '{"check":"'$answer'","ok":true}'"""),
            ["done"],
            action =>
            {
                asked.Add(action);
                return Task.CompletedTask;
            });

        Assert.Equal(["restart"], asked);
    }

    private static Task RunAsync(string script, params string[] expected) =>
        ScenarioRun.AssertPassesAsync(Shell(script), expected);

    private static Launch Shell(string script) => new("/bin/sh", ["-c", script]);
}

using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Configuration;

/// <summary><c>causeway config check</c>: ok, or every fault in a line of its own.</summary>
public sealed class ConfigCheckTests
{
    [Fact]
    public async Task A_good_file_is_ok()
    {
        ProgramResult result = await CheckAsync("port: 4333\nSIZE: 1MB\nmax_payload: $SIZE\nauthorization { user: a, password: b }\n");
        Assert.Equal((0, "f.conf: ok\n"), (result.ExitCode, result.Text.Replace(Path.GetTempPath(), "", StringComparison.Ordinal)[^11..]));
        Assert.Empty(result.Errors);
    }

    [Fact]
    public async Task Every_fault_has_a_line_with_its_place()
    {
        ProgramResult result = await CheckAsync("port: abc\nmax_payload: 99MB\ncluster { port: 6222 }\nno_such: 1\n");
        Assert.Equal((1, ""), (result.ExitCode, result.Text));
        Assert.Collection(
            result.Errors,
            line => Assert.EndsWith("f.conf:1: 'port' is a text that can't be taken; accepted is a whole number from -1 to 65535", line, StringComparison.Ordinal),
            line => Assert.Contains("f.conf:2: 'max_payload': '103809024' is too large; accepted is ", line, StringComparison.Ordinal),
            line => Assert.Contains("f.conf:3: 'cluster' can't be taken: nodes are linked by", line, StringComparison.Ordinal),
            line => Assert.Contains("f.conf:4: 'no_such' is not known here; accepted are listen, ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_secret_is_not_in_what_is_told()
    {
        ProgramResult result = await CheckAsync("authorization { users: [ { user: a, password: [\"s3cret\"] } ] }\nmax_payload: x\n");
        Assert.Equal(1, result.ExitCode);
        Assert.DoesNotContain("s3cret", string.Join('\n', result.Errors), StringComparison.Ordinal);
    }

    private static async Task<ProgramResult> CheckAsync(string text)
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "f.conf");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return await CausewayProcess.RunAsync(null, ["config", "check", file]);
    }
}

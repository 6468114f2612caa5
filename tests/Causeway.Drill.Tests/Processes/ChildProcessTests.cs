using Causeway.Drill.Processes;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Drill.Tests.Processes;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task Its_end_tells_the_exit_code_and_the_last_words_and_the_log_has_all()
    {
        using TemporaryFolder folder = new();
        string log = Path.Combine(folder.Path, "child.log");
        await using ChildProcess child = ChildProcess.Start(["sh", "-c", "echo one; echo two >&2; exit 3"], log);
        ChildEnd end = await child.Ended.InTimeAsync();
        Assert.Equal(3, end.ExitCode);
        Assert.StartsWith("ended with exit code 3: ", end.Cause, StringComparison.Ordinal);
        Assert.Contains("two", end.LastWords, StringComparison.Ordinal);
        Assert.Equal(["one", "two"], (await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)).Order());
        Assert.False(child.Signal(Signals.Terminate));
    }

    [Fact]
    public async Task A_kill_of_ours_is_told_from_one_by_others()
    {
        using TemporaryFolder folder = new();
        await using ChildProcess ours = ChildProcess.Start(["sleep", "60"], Path.Combine(folder.Path, "a.log"));
        Assert.Equal("out of memory", (await ours.KillAsync("out of memory").InTimeAsync()).Cause);
        await using ChildProcess theirs = ChildProcess.Start(["sh", "-c", "kill -9 $$"], Path.Combine(folder.Path, "b.log"));
        Assert.StartsWith("killed by SIGKILL, which we did not send", (await theirs.Ended.InTimeAsync()).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_end_when_asked_is_killed()
    {
        using TemporaryFolder folder = new();
        await using ChildProcess child = ChildProcess.Start(["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"], Path.Combine(folder.Path, "a.log"));
        await Eventually.TrueAsync(() => child.LastWords == "ready");
        ChildEnd end = await child.StopAsync(TimeSpan.FromMilliseconds(100)).InTimeAsync();
        Assert.Equal("killed: it did not end within 0.1 s of SIGTERM", end.Cause);
    }

    [Fact]
    public async Task What_it_writes_beyond_the_bound_is_left_out_and_counted()
    {
        using TemporaryFolder folder = new();
        string log = Path.Combine(folder.Path, "a.log");
        await using ChildProcess child = ChildProcess.Start(["sh", "-c", "yes | head -c 20000000"], log);
        await child.Ended.InTimeAsync();
        Assert.InRange(new FileInfo(log).Length, ChildLog.MaxBytes - 100_000, ChildLog.MaxBytes + 100);
        Assert.EndsWith("more bytes were left out)\n", await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_ends_with_a_word()
    {
        using TemporaryFolder folder = new();
        await using ChildProcess child = ChildProcess.Start(["/no/such/program"], Path.Combine(folder.Path, "a.log"));
        Assert.Contains("/no/such/program", (await child.Ended.InTimeAsync()).Cause, StringComparison.Ordinal);
    }
}

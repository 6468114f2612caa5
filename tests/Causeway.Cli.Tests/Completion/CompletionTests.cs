using System.Diagnostics;
using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Completion;

/// <summary>The scripts of <c>causeway completion</c> in the shells that they are for.</summary>
public sealed class CompletionTests
{
    private static readonly (string Line, string[] Has, string[] HasNot)[] Cases =
    [
        ("causeway me", ["memory"], ["sub", "--help"]),
        ("causeway memory ", ["set"], ["pub"]),
        ("causeway drill ", ["list", "compare"], ["pub"]),
        ("causeway memory set --dep", ["--deployment", "--deployment-key-file"], ["--http"]),
        ("causeway pub x --hea", ["--header"], ["--http"]),
        ("causeway top --so", ["--sort"], ["--once"]),
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bash_completes() => await CheckAsync("bash", (script, line) =>
    {
        string[] words = line.Split(' ');
        return ["--norc", "-c", $"source {script}; COMP_WORDS=({string.Join(' ', words.Select(word => $"'{word}'"))}); COMP_CWORD={words.Length - 1}; _causeway; printf '%s\\n' \"${{COMPREPLY[@]}}\""];
    });

    [Fact]
    public async Task Zsh_completes() => await CheckAsync("zsh", (script, line) =>
    {
        string[] words = line.Split(' ');
        string last = words[^1];
        return
        [
            "-f", "-c",
            $"source {script}; compadd() {{ shift; for word in \"$@\"; do [[ $word == '{last}'* ]] && print -r -- $word; done; return 0 }}; words=({string.Join(' ', words.Select(word => $"'{word}'"))}); CURRENT={words.Length}; _causeway",
        ];
    });

    [Fact]
    public async Task Fish_completes() => await CheckAsync("fish", (script, line) => ["--no-config", "-c", $"source {script}; complete -C '{line}'"]);

    [Fact]
    public async Task Another_shell_is_refused_in_one_line()
    {
        ProgramResult result = await CausewayProcess.RunAsync(null, ["completion", "tcsh"]);
        Assert.Equal((1, "causeway completion: shell: 'tcsh' is not known; accepted are bash, zsh and fish (see causeway completion --help)"), (result.ExitCode, Assert.Single(result.Errors)));
    }

    private static async Task CheckAsync(string shell, Func<string, string, string[]> arguments)
    {
        using TemporaryFolder folder = new();
        string script = Path.Combine(folder.Path, "script");
        ProgramResult printed = await CausewayProcess.RunAsync(null, ["completion", shell]);
        Assert.Equal(0, printed.ExitCode);
        await File.WriteAllBytesAsync(script, printed.Output, Cancelled);
        foreach ((string line, string[] has, string[] hasNot) in Cases)
        {
            using Process process = Process.Start(new ProcessStartInfo(shell, arguments(script, line)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync(Cancelled);
            string output = await process.StandardOutput.ReadToEndAsync(Cancelled).InTimeAsync();
            await process.WaitForExitAsync(Cancelled).InTimeAsync();
            Assert.Equal("", await errors);
            string[] offered = [.. output.Split('\n').Select(text => text.Split('\t')[0])];
            Assert.True(has.All(offered.Contains), $"{line}: {output}");
            Assert.True(!hasNot.Any(offered.Contains), $"{line}: {output}");
        }
    }
}

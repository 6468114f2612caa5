using System.Collections.Concurrent;
using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Clients;

/// <summary>The scenarios for libnats, the C library: small programs that are compiled when a test first needs them.</summary>
public static class LibnatsProgram
{
    private static readonly string Sources = Path.Combine(RepositoryPaths.Project, "c");
    private static readonly string Outputs = Path.Combine(RepositoryPaths.Artifacts, "c");
    private static readonly TimeSpan CompileDeadline = TimeSpan.FromSeconds(60);
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Compiled = new();

    public static async Task<Launch> ForAsync(string scenario, params string[] urls)
    {
        Lazy<Task<string>> program = Compiled.GetOrAdd(
            scenario, name => new Lazy<Task<string>>(() => CompileAsync(name)));
        return new Launch(await program.Value, urls);
    }

    private static async Task<string> CompileAsync(string scenario)
    {
        string gcc = Programs.Find("gcc", [])
            ?? throw new InvalidOperationException("gcc is not installed; run tests/prepare (Debian: apt-get install gcc libc6-dev).");
        Directory.CreateDirectory(Outputs);
        string output = Path.Combine(Outputs, scenario);
        Launch compiler = new(
            gcc,
            [
                "-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror",
                "-o", output,
                Path.Combine(Sources, $"{scenario}.c"), Path.Combine(Sources, "harness.c"),
                "-lnats", "-lpthread",
            ]);
        await using ChildProcess compilation = ChildProcess.Start(compiler);
        bool ended = await compilation.WaitForExitAsync(CompileDeadline);
        if (!ended || compilation.ExitCode != 0)
        {
            throw new InvalidOperationException(
                "Compiling failed; if libnats is missing, run tests/prepare (Debian: apt-get install libnats-dev).\n"
                + $"{compiler}\n{compilation.Log}");
        }

        return output;
    }
}

using System.Diagnostics;
using System.Text.Json;
using Causeway.Tests.Support.Servers;

namespace Causeway.Cli.Tests.Bench;

/// <summary>Runs <c>causeway bench</c> as the program it is.</summary>
internal sealed record BenchProgram(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public static BenchProgram Run(params string[] arguments)
    {
        ProcessStartInfo info = new("dotnet", [TestServer.CausewayProgram, "bench", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(info) ?? throw new InvalidOperationException("dotnet did not start");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Timeout))
        {
            process.Kill();
            throw new TimeoutException($"causeway bench {string.Join(' ', arguments)} took longer than {Timeout.TotalSeconds} s");
        }

        return new BenchProgram(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>The one JSON object that a good run prints.</summary>
    public JsonElement Json()
    {
        using JsonDocument document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }
}

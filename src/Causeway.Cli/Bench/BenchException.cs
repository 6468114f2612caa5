namespace Causeway.Cli.Bench;

/// <summary>A run that can't give a result: one line that says why, and the exit code that goes with it.</summary>
internal sealed class BenchException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

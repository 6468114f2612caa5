namespace Causeway.Cli.Execution;

/// <summary>Ends a command with an exit code and one line on standard error, which the message is.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;
}

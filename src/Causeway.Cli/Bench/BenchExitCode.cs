namespace Causeway.Cli.Bench;

/// <summary>The exit codes of <c>causeway bench</c>.</summary>
internal static class BenchExitCode
{
    public const int Success = 0;

    /// <summary>Messages missing or out of order, an error from the server, a closed connection, or out of time.</summary>
    public const int Failed = 1;

    /// <summary>Options that make no sense.</summary>
    public const int Usage = 2;

    /// <summary>The server can't be reached or doesn't accept the connection.</summary>
    public const int CannotConnect = 3;
}

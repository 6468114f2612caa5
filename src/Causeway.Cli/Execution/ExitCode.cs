namespace Causeway.Cli.Execution;

/// <summary>What the program's exit codes mean. They are part of its interface: help texts list them and scripts rely on them.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>Wrong options or input.</summary>
    public const int Usage = 1;

    /// <summary>No server could be reached, or the connection was lost.</summary>
    public const int Connection = 2;

    /// <summary>What was waited for did not come in time.</summary>
    public const int Timeout = 3;

    /// <summary>Nobody subscribes to the subject of a request.</summary>
    public const int NoResponders = 4;

    /// <summary>The server refused, or something else failed while running.</summary>
    public const int Failure = 5;

    /// <summary>A drill was run and did not come out as it expects.</summary>
    public const int NotMet = 6;

    /// <summary>Ctrl-C: 128 and the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>Whoever reads the output is gone: 128 and the number of SIGPIPE.</summary>
    public const int OutputClosed = 141;

    /// <summary>SIGTERM: 128 and its number.</summary>
    public const int Terminated = 143;
}

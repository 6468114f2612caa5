namespace Causeway.Drill.Processes;

/// <summary>How a process ended. Immutable.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number if a signal ended it.</param>
/// <param name="KilledFor">Why we killed it; null if we did not.</param>
/// <param name="LastWords">The last that it wrote, on one line.</param>
public sealed record ChildEnd(int ExitCode, string? KilledFor, string LastWords)
{
    private const int SignalCodes = 128;

    /// <summary>The end in words.</summary>
    public string Cause => KilledFor ?? (ExitCode switch
    {
        SignalCodes + Signals.Kill => "killed by SIGKILL, which we did not send: by the kernel for want of memory, or by someone else",
        SignalCodes + Signals.Abort => $"it failed (SIGABRT): {LastWords}",
        > SignalCodes => $"killed by signal {ExitCode - SignalCodes}: {LastWords}",
        _ => $"ended with exit code {ExitCode}: {LastWords}",
    });
}

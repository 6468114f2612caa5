using System.Diagnostics;

namespace Causeway.Cli.Bench;

/// <summary>The end of the time a run may take.</summary>
internal readonly struct Deadline(TimeSpan timeout)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public TimeSpan Timeout { get; } = timeout;

    public TimeSpan Left
    {
        get
        {
            TimeSpan left = Timeout - Stopwatch.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public bool Passed => Left == TimeSpan.Zero;
}

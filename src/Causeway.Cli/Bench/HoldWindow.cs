using System.Diagnostics;
using Causeway.Cli.Execution;

namespace Causeway.Cli.Bench;

/// <summary>The quiet time behind a run that holds something: memory is read after it, and again some time after all is closed.</summary>
internal sealed class HoldWindow(BenchTarget target, ReadLoop loop, TimeSpan settle, Action<string, double> progress, Action? check = null)
{
    /// <summary>CPU from <paramref name="before"/> to <paramref name="after"/>, memory at the end of the quiet time; closes the connections.</summary>
    public ProcessSection? Measure(ServerProcessUsage? before, ServerProcessUsage? after, double seconds, int count)
    {
        Wait("hold");
        ServerProcessUsage? held = target.Usage();
        check?.Invoke();
        loop.Dispose();
        target.CloseAll();
        if (before is null || after is null || held is null)
        {
            return null;
        }

        Wait("closed");
        ProcessSection section = target.Section(before, after, seconds)!;
        return section with
        {
            CpuUsPerItem = section.CpuSeconds * 1e6 / count,
            RssAfterBytes = held.ResidentBytes,
            RssPeakBytes = held.PeakResidentBytes,
            RssBytesPerItem = (held.ResidentBytes - before.ResidentBytes) / (double)count,
            RssClosedBytes = target.Usage()!.ResidentBytes,
        };
    }

    private void Wait(string phase)
    {
        long start = Stopwatch.GetTimestamp();
        for (TimeSpan elapsed = TimeSpan.Zero; elapsed < settle; elapsed = Stopwatch.GetElapsedTime(start))
        {
            TimeSpan left = settle - elapsed;
            Thread.Sleep(left < BenchProgress.Period ? left : BenchProgress.Period);
            progress(phase, elapsed / settle);
            loop.ThrowIfFailed();
            if (target.Deadline.Passed)
            {
                throw new BenchException(ExitCode.Failure, $"timed out after {target.Deadline.Timeout.TotalSeconds:0.#} s while holding still");
            }
        }
    }
}

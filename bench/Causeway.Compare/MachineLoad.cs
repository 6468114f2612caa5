using System.Globalization;

namespace Causeway.Compare;

/// <summary>How busy the machine is with other work, which tells whether figures taken now can be trusted.</summary>
internal sealed record MachineLoad(double BusyShare)
{
    /// <summary>Above this share of all cores, another's work shows in rates and latencies.</summary>
    private const double BusyLimit = 0.1;

    private static readonly TimeSpan SampleTime = TimeSpan.FromSeconds(1);

    public bool IsBusy => BusyShare > BusyLimit;

    /// <summary>Looks at the machine for a second in which the comparison itself does nothing.</summary>
    public static MachineLoad Sample()
    {
        (double busy, double all) before = Read();
        Thread.Sleep(SampleTime);
        (double busy, double all) after = Read();
        return new MachineLoad((after.busy - before.busy) / Math.Max(1, after.all - before.all));
    }

    public override string ToString() => BusyShare.ToString("0 %", CultureInfo.InvariantCulture);

    // The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal; guest times are within user.
    private static (double Busy, double All) Read()
    {
        double[] ticks = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(Number)];
        double all = ticks.Sum();
        return (all - ticks[3] - ticks[4], all);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

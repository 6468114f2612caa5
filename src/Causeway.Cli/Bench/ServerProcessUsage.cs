using System.Globalization;
using Causeway.Cli.Execution;

namespace Causeway.Cli.Bench;

/// <summary>What a process has used up to a moment, read from the kernel: CPU time since its start, and resident memory now.</summary>
internal sealed unsafe record ServerProcessUsage(double CpuSeconds, double UserSeconds, double SystemSeconds, long ResidentBytes, long PeakResidentBytes)
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux port .NET runs on

    /// <summary>Reads /proc/PID/stat, smaps_rollup and status, and the process's CPU clock, which is finer than the ticks of stat.</summary>
    public static ServerProcessUsage Read(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            (double user, double system) = ParseStat(stat);
            double total = CpuClock(pid) ?? user + system;
            return new ServerProcessUsage(total, user, system, Resident(pid), KiloBytes(File.ReadLines($"/proc/{pid}/status"), "VmHWM:"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BenchException(ExitCode.Failure, $"cannot read the usage of process {pid}: {e.Message}");
        }
    }

    /// <summary>What both have used; the peak is the sum of their peaks.</summary>
    public static ServerProcessUsage Sum(ServerProcessUsage one, ServerProcessUsage other) => new(
        one.CpuSeconds + other.CpuSeconds,
        one.UserSeconds + other.UserSeconds,
        one.SystemSeconds + other.SystemSeconds,
        one.ResidentBytes + other.ResidentBytes,
        one.PeakResidentBytes + other.PeakResidentBytes);

    /// <summary>User and system seconds of a /proc/PID/stat line; the command's name in it may contain anything.</summary>
    public static (double User, double System) ParseStat(string stat)
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Ticks(fields[11]), Ticks(fields[12]));

        static double Ticks(string field) => ulong.Parse(field, CultureInfo.InvariantCulture) / TicksPerSecond;
    }

    /// <summary>The bytes of a "Name:   123 kB" line, 0 where there is none.</summary>
    public static long KiloBytes(IEnumerable<string> lines, string name)
    {
        string? line = lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    // smaps_rollup counts exactly; statm, which every user may read, lags by what threads have not yet added up.
    private static long Resident(int pid)
    {
        try
        {
            return KiloBytes(File.ReadLines($"/proc/{pid}/smaps_rollup"), "Rss:");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
    }

    private static double? CpuClock(int pid)
    {
        const int CpuClockSched = 2; // the clock id of a process is made from its pid, see clock_getcpuclockid(3)
        BenchLibc.TimeSpec time;
        return BenchLibc.ClockGetTime((~pid << 3) | CpuClockSched, &time) == 0 ? time.Seconds + (time.Nanoseconds / 1e9) : null;
    }
}

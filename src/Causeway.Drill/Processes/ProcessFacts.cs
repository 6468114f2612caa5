using System.Globalization;

namespace Causeway.Drill.Processes;

/// <summary>What the kernel says of a process, from <c>/proc</c> (proc(5)).</summary>
internal static class ProcessFacts
{
    private const int TicksPerSecond = 100; // USER_HZ, the same on all of Linux's architectures.

    /// <summary>Resident memory in bytes; 0 if there is no such process.</summary>
    public static long ResidentBytes(int process)
    {
        string? line = Read(process, "statm");
        return line is null ? 0 : long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }

    /// <summary>Time on processors since its start, its own and the kernel's for it; zero if there is no such process.</summary>
    public static TimeSpan CpuTime(int process)
    {
        string? line = Read(process, "stat");
        if (line is null)
        {
            return TimeSpan.Zero;
        }

        // The program's name, in parentheses, may have blanks.
        string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    private static string? Read(int process, string file)
    {
        try
        {
            return process == 0 ? null : File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

using System.Globalization;

namespace Causeway.Compare;

/// <summary>What the kernel says about the memory of a process.</summary>
internal static class ProcessMemory
{
    /// <summary>Resident memory now.</summary>
    public static long ResidentBytes(int pid)
    {
        string line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/smaps_rollup")).First(line => line.StartsWith("Rss:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}

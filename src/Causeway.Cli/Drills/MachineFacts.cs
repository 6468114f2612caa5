using System.Globalization;
using System.Runtime.InteropServices;

namespace Causeway.Cli.Drills;

/// <summary>What a reader of a report needs to know of the machine.</summary>
internal static class MachineFacts
{
    private const string ModelName = "model name";

    public static IReadOnlyList<string> Lines() =>
    [
        $"{CpuModel()}, {Environment.ProcessorCount} cores, {Memory()} of memory",
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.FrameworkDescription}",
        $"load average of the machine when the run ended: {LoadAverage()} (all nodes, links and clients of a drill share it)",
    ];

    private static string CpuModel() => Read("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith(ModelName, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown CPU";

    private static string Memory() => string.Create(
        CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):0} GiB");

    private static string LoadAverage() => Read("/proc/loadavg").FirstOrDefault()?.Split(' ')[0] ?? "unknown";

    private static IEnumerable<string> Read(string path) => File.Exists(path) ? File.ReadLines(path) : [];
}

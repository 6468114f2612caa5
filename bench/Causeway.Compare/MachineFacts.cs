using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Causeway.Compare;

/// <summary>What a reader needs to know about where and how the figures came about.</summary>
internal static class MachineFacts
{
    /// <summary>What is said of figures that were taken beside other work.</summary>
    public const string BusyNote = "**The machine was busy with other work when this run began: its rates and latencies are not to be relied on.**";

    private const string ModelName = "model name";
    private const int CommitCharacters = 9;

    public static List<string> Collect(CompareSettings settings, IReadOnlyDictionary<string, string> versions, string commandLine, MachineLoad before)
    {
        List<string> facts =
        [
            Machine(before),
            "Servers: " + string.Join(", ", settings.Servers.Select(server => $"{server.Name} {Version(server.Name, settings.CausewayDll, versions)}")) + ", at their defaults" + (settings.Servers.Any(server => server.Environment.Count > 0) ? " but for the environment below" : ""),
            $"Command: `{commandLine}`",
            $"Each figure is the median of {settings.Rounds} round{(settings.Rounds == 1 ? "" : "s")}. Each round starts a fresh server process, in alternating order; the same load generator with the same parameters runs beside it on the same machine, warms it up for {settings.WarmupSeconds} s, then measures. CPU is the server process's own, user and system; RSS is its resident memory at the end of the window.",
            "Bytes each: growth of RSS from the server's start until 3 s (quick: 1 s) after the last was made. CPU each: until the server has confirmed the last.",
        ];
        if (before.IsBusy)
        {
            facts.Add(BusyNote);
        }

        IEnumerable<string> overrides = settings.Servers.SelectMany(server => server.Environment.Select(e => $"{server.Name}: {e.Key}={e.Value}"));
        if (overrides.Any())
        {
            facts.Add("Environment: " + string.Join(", ", overrides));
        }

        return facts;
    }

    /// <summary>The machine, and how busy it was before and is now.</summary>
    public static string Machine(MachineLoad before) =>
        $"Machine: {CpuModel()}, {Environment.ProcessorCount} cores, {TotalMemoryGiB()} GiB; {File.ReadAllText("/proc/sys/kernel/ostype").Trim()} {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()} {RuntimeInformation.ProcessArchitecture}; {RuntimeInformation.FrameworkDescription}; cores busy with other work: {before} before the run, {MachineLoad.Sample()} after";

    /// <summary>The version with the start of the commit, as far as the build knows it.</summary>
    public static string OwnVersion(string dll)
    {
        string version = FileVersionInfo.GetVersionInfo(dll).ProductVersion ?? "";
        int commit = version.IndexOf('+', StringComparison.Ordinal);
        return commit < 0 ? version : version[..Math.Min(version.Length, commit + 1 + CommitCharacters)];
    }

    /// <summary>A server's version. Causeway's INFO names the version of NATS that it is compatible with, so that clients use what they know of it.</summary>
    public static string Version(string server, string causewayDll, IReadOnlyDictionary<string, string> versions) =>
        server == ServerKind.CausewayName ? OwnVersion(causewayDll) : versions.GetValueOrDefault(server, "(did not start)");

    private static string CpuModel() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(ModelName, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown CPU";

    private static string TotalMemoryGiB()
    {
        string line = File.ReadLines("/proc/meminfo").First();
        long kiloBytes = long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return (kiloBytes / 1024.0 / 1024).ToString("0", CultureInfo.InvariantCulture);
    }
}

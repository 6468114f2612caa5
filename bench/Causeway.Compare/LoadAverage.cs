using System.Globalization;

namespace Causeway.Compare;

/// <summary>How busy the machine was before the comparison began, which tells whether its figures can be trusted.</summary>
internal static class LoadAverage
{
    public static string Before { get; } = Read();

    /// <summary>More than half of the cores had work in the last minute.</summary>
    public static bool BusyBefore => double.Parse(Before.Split(' ')[0], CultureInfo.InvariantCulture) > Environment.ProcessorCount / 2.0;

    private static string Read() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));
}

namespace Causeway.Compare;

/// <summary>How busy the machine was before the comparison began, which tells whether its figures can be trusted.</summary>
internal static class LoadAverage
{
    public static string Before { get; } = Read();

    private static string Read() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));
}

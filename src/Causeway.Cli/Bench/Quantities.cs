using System.Globalization;

namespace Causeway.Cli.Bench;

/// <summary>Reads numbers as people write them on a command line: 200k, 1M, 4KiB, 500ms, 2m.</summary>
internal static class Quantities
{
    private static readonly (string Suffix, double Factor)[] CountUnits = [("k", 1e3), ("K", 1e3), ("M", 1e6), ("G", 1e9)];

    private static readonly (string Suffix, double Factor)[] ByteUnits =
        [("KiB", 1024), ("MiB", 1 << 20), ("GiB", 1 << 30), ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("K", 1024), ("M", 1 << 20), ("G", 1 << 30), ("B", 1)];

    private static readonly (string Suffix, double Factor)[] TimeUnits = [("ms", 1e-3), ("us", 1e-6), ("s", 1), ("m", 60), ("h", 3600)];

    public static bool TryCount(string text, out long count) => TryWhole(text, CountUnits, out count);

    public static bool TryBytes(string text, out long bytes) => TryWhole(text, ByteUnits, out bytes);

    /// <summary>A number without a unit is seconds.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        bool valid = TryScale(text, TimeUnits, out double seconds) && seconds < TimeSpan.MaxValue.TotalSeconds;
        duration = valid ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        return valid;
    }

    private static bool TryWhole(string text, (string Suffix, double Factor)[] units, out long whole)
    {
        bool valid = TryScale(text, units, out double value) && value < long.MaxValue && value == Math.Floor(value);
        whole = valid ? (long)value : 0;
        return valid;
    }

    private static bool TryScale(string text, (string Suffix, double Factor)[] units, out double value)
    {
        (string suffix, double factor) = units.FirstOrDefault(unit => text.EndsWith(unit.Suffix, StringComparison.Ordinal), ("", 1));
        bool valid = double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
        value *= factor;
        return valid;
    }
}

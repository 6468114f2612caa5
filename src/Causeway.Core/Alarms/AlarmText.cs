using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Causeway.Core.Alarms;

/// <summary>
/// The texts of alarms. Names in them come from clients and other machines: they are cut to a length, and what would break a line
/// of a log becomes <c>?</c>.
/// </summary>
public static class AlarmText
{
    /// <summary>Longest text of an alarm, in characters.</summary>
    public const int MaxCharacters = 600;

    /// <summary>Longest value of a detail, in characters.</summary>
    public const int MaxDetailCharacters = 300;

    /// <summary>Most details of an alarm.</summary>
    public const int MaxDetails = 24;

    private static readonly (string Suffix, double Factor)[] Units = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10)];

    /// <summary>The text, fit to be shown.</summary>
    public static string Clean(string text, int maxCharacters = MaxCharacters)
    {
        string cut = text.Length > maxCharacters ? text[..(maxCharacters - 1)] + "…" : text;
        if (!cut.Any(c => IsUnfit(c) || char.IsSurrogate(c)))
        {
            return cut;
        }

        // Half of a surrogate pair, which can't be written, is read as the character that stands for what can't be read.
        StringBuilder clean = new(cut.Length);
        foreach (Rune rune in cut.EnumerateRunes())
        {
            clean.Append(rune.IsBmp && IsUnfit((char)rune.Value) ? "?" : rune.ToString());
        }

        return clean.ToString();
    }

    /// <summary>The details, fit to be shown; those beyond the bound are left out.</summary>
    public static IReadOnlyDictionary<string, string> Clean(IReadOnlyDictionary<string, string>? details) =>
        details is null or { Count: 0 } ? FrozenDictionary<string, string>.Empty
        : details.Take(MaxDetails).ToDictionary(detail => detail.Key, detail => Clean(detail.Value, MaxDetailCharacters), StringComparer.Ordinal);

    /// <summary>Bytes in words: <c>1.5 MiB</c>.</summary>
    public static string Bytes(double bytes)
    {
        foreach ((string suffix, double factor) in Units)
        {
            if (Math.Abs(bytes) >= factor)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / factor:0.0} {suffix}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B");
    }

    /// <summary>A share in words: <c>71 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %");

    /// <summary>A time in words: <c>14 min</c>, <c>45 s</c>.</summary>
    public static string Time(TimeSpan time) =>
        time >= TimeSpan.FromMinutes(10) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min")
        : time >= TimeSpan.FromMinutes(2) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    /// <summary>A whole number with its thousands apart.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    // A line or paragraph separator ends a line for some readers.
    private static bool IsUnfit(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}

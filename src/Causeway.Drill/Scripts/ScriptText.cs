using System.Globalization;

namespace Causeway.Drill.Scripts;

/// <summary>Reads and writes the values of scripts: times, bytes, counts.</summary>
internal static class ScriptText
{
    private const int ShownCharacters = 60;
    private const int ValueCharactersMax = 40;

    private static readonly (string Suffix, double Seconds)[] TimeUnits = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];
    private static readonly (string Suffix, double Bytes)[] ByteUnits =
    [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("", 1),
    ];

    private static readonly (string Suffix, double Factor)[] CountUnits = [("k", 1e3), ("M", 1e6), ("", 1)];

    /// <summary>A text as an error line shows it: short, on one line.</summary>
    public static string Shown(string text)
    {
        string line = OneLine(text);
        return line.Length > ShownCharacters ? string.Concat(line.AsSpan(0, ShownCharacters), "...") : line;
    }

    /// <summary>A text on one line without control characters.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    /// <summary>Reads <c>90s</c>, <c>2m</c>, <c>1h30m</c>, <c>500ms</c>, <c>0</c>.</summary>
    public static bool TryTime(string text, out TimeSpan time)
    {
        time = default;
        double seconds = 0;
        string rest = text == "0" ? "0s" : text;
        while (rest.Length > 0)
        {
            int digits = DigitsOf(rest);
            string number = rest[..digits];
            rest = rest[digits..];
            int letters = rest.TakeWhile(char.IsAsciiLetter).Count();
            if (!TryNumber(number, out double value) || !TryUnit(rest[..letters], TimeUnits, out double unit))
            {
                return false;
            }

            seconds += value * unit;
            rest = rest[letters..];
        }

        if (text.Length == 0 || text.Length > ValueCharactersMax || seconds > TimeSpan.FromDays(1).TotalSeconds)
        {
            return false;
        }

        time = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>Reads <c>64KiB</c>, <c>1.5GiB</c>, <c>2MB</c>, <c>65536</c>.</summary>
    public static bool TryBytes(string text, out long bytes)
    {
        bool read = TryScaled(text, ByteUnits, out double value) && value <= ScriptLimits.MemoryLimitBytesMax;
        bytes = read ? (long)value : 0;
        return read;
    }

    /// <summary>Reads <c>250</c>, <c>0.5</c>, <c>20k</c>, <c>1.5M</c>.</summary>
    public static bool TryCount(string text, out double count) => TryScaled(text, CountUnits, out count);

    /// <summary>A time as people read it: <c>1:05:30</c> or <c>5:30</c>.</summary>
    public static string Clock(TimeSpan time) =>
        time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);

    /// <summary>A time with its unit: <c>350 ms</c>, <c>12.5 s</c>, <c>18 min</c>.</summary>
    public static string Span(TimeSpan time) => time.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min"),
    };

    /// <summary>Bytes with their unit: <c>512 B</c>, <c>64 KiB</c>, <c>1.5 MiB</c>.</summary>
    public static string Bytes(double bytes) => Math.Abs(bytes) switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 10):0.#} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 20):0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 30):0.##} GiB"),
    };

    /// <summary>A number with its thousands apart.</summary>
    public static string Number(double number) => number.ToString(Math.Abs(number) < 10 ? "0.##" : "#,0", CultureInfo.InvariantCulture);

    private static bool TryScaled(string text, (string Suffix, double Factor)[] units, out double value)
    {
        int digits = DigitsOf(text);
        value = 0;
        if (text.Length > ValueCharactersMax || !TryNumber(text[..digits], out double number) || !TryUnit(text[digits..], units, out double factor))
        {
            return false;
        }

        value = number * factor;
        return true;
    }

    private static int DigitsOf(string text) => text.TakeWhile(c => char.IsAsciiDigit(c) || c is '.' or '_').Count();

    private static bool TryNumber(string text, out double number)
    {
        number = 0;
        return text.Length > 0 && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1])
            && double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryUnit(string suffix, (string Suffix, double Factor)[] units, out double factor)
    {
        foreach ((string name, double unit) in units)
        {
            if (suffix == name)
            {
                factor = unit;
                return true;
            }
        }

        factor = 0;
        return false;
    }
}

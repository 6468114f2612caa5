using System.Globalization;
using System.Text;

namespace Causeway.Cli.Parsing;

/// <summary>A length of time: <c>500ms</c>, <c>2s</c>, <c>1.5m</c>, <c>1m30s</c>. A bare number has no unit and is refused, except 0.</summary>
internal readonly record struct Duration(TimeSpan Time) : IValueText<Duration>
{
    private static readonly (string Suffix, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond),
    ];

    public static string Accepted => "a duration such as 500ms, 2s, 1m30s (units us, ms, s, m, h, d)";

    public static string HelpName => "duration";

    public static Duration FromSeconds(double seconds) => new(TimeSpan.FromSeconds(seconds));

    public static bool TryRead(ReadOnlySpan<char> text, out Duration value)
    {
        value = default;
        if (text is "0")
        {
            return true;
        }

        long total = 0;
        do
        {
            if (!NumberText.TrySplit(text, out decimal number, out ReadOnlySpan<char> rest))
            {
                return false;
            }

            int letters = 0;
            while (letters < rest.Length && char.IsAsciiLetter(rest[letters]))
            {
                letters++;
            }

            long factor = TicksOf(rest[..letters]);
            if (factor == 0 || !NumberText.TryScale(number, factor, out long ticks) || ticks > TimeSpan.MaxValue.Ticks - total)
            {
                return false;
            }

            total += ticks;
            text = rest[letters..];
        }
        while (!text.IsEmpty);

        value = new Duration(TimeSpan.FromTicks(total));
        return true;
    }

    public int CompareTo(Duration other) => Time.CompareTo(other.Time);

    /// <summary>The exact form from the largest unit down: <c>1m30s</c>.</summary>
    public override string ToString()
    {
        if (Time == TimeSpan.Zero)
        {
            return "0s";
        }

        StringBuilder text = new();
        long ticks = Time.Ticks;
        foreach ((string suffix, long unit) in Units)
        {
            if (ticks >= unit)
            {
                text.Append(CultureInfo.InvariantCulture, $"{ticks / unit}{suffix}");
                ticks %= unit;
            }
        }

        if (ticks > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"0.{ticks}us");
        }

        return text.ToString();
    }

    private static long TicksOf(ReadOnlySpan<char> suffix)
    {
        foreach ((string name, long ticks) in Units)
        {
            if (suffix.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return ticks;
            }
        }

        return 0;
    }
}

using System.Globalization;

namespace Causeway.Cli.Parsing;

/// <summary>How many of something a second: <c>1000</c>, <c>0.5</c>, <c>10k</c>, <c>10k/s</c>.</summary>
internal readonly record struct Rate(double PerSecond) : IValueText<Rate>
{
    public static string Accepted => "a number a second such as 1000, 0.5 or 10k";

    public static string HelpName => "per-second";

    public static bool TryRead(ReadOnlySpan<char> text, out Rate value)
    {
        value = default;
        if (text.EndsWith("/s", StringComparison.OrdinalIgnoreCase))
        {
            text = text[..^2];
        }

        if (!NumberText.TrySplit(text, out decimal number, out ReadOnlySpan<char> suffix) || !Count.TryFactor(suffix, out long factor))
        {
            return false;
        }

        value = new Rate((double)number * factor);
        return true;
    }

    public int CompareTo(Rate other) => PerSecond.CompareTo(other.PerSecond);

    public override string ToString() => PerSecond.ToString("0.############", CultureInfo.InvariantCulture);
}

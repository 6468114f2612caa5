using System.Globalization;

namespace Causeway.Bus.Configuration.Access;

/// <summary>Lengths of time as in nats-server's configuration, which are Go's: <c>500ms</c>, <c>1.5s</c>, <c>1m30s</c>.</summary>
internal static class DurationText
{
    private static readonly (string Suffix, double Seconds)[] Units = [("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9), ("h", 3600), ("m", 60), ("s", 1)];

    /// <summary>The time, null if it is none or longer than a year.</summary>
    public static TimeSpan? Read(string text)
    {
        const double mostSeconds = 366 * 86400.0;
        double sum = 0;
        ReadOnlySpan<char> rest = text;
        do
        {
            int digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.'))
            {
                digits++;
            }

            double factor = 0;
            int suffix = 0;
            foreach ((string name, double seconds) in Units)
            {
                if (factor == 0 && rest[digits..].StartsWith(name, StringComparison.Ordinal))
                {
                    (factor, suffix) = (seconds, name.Length);
                }
            }

            if (factor == 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            {
                return null;
            }

            sum += number * factor;
            rest = rest[(digits + suffix)..];
        }
        while (!rest.IsEmpty);

        return sum <= mostSeconds ? TimeSpan.FromSeconds(sum) : null;
    }
}

using System.Globalization;

namespace Causeway.Bus.Configuration.Syntax;

/// <summary>
/// Whole numbers with the suffixes of nats-server's configuration: <c>k m g t p e</c> count in thousands, with <c>b</c>, <c>i</c> or
/// <c>ib</c> behind them in 1,024s. Upper and lower case are the same.
/// </summary>
internal static class ConfigurationNumber
{
    private const string Powers = "KMGTPE";

    public static bool TryRead(string text, out long number)
    {
        int digits = text.Length > 0 && text[0] == '-' ? 1 : 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        number = 0;
        if (!long.TryParse(text.AsSpan(0, digits), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            || Factor(text[digits..].ToUpperInvariant()) is not { } factor)
        {
            return false;
        }

        Int128 product = (Int128)value * factor;
        if (product > long.MaxValue || product < long.MinValue)
        {
            return false;
        }

        number = (long)product;
        return true;
    }

    private static long? Factor(string suffix)
    {
        if (suffix.Length == 0)
        {
            return 1;
        }

        int power = Powers.IndexOf(suffix[0], StringComparison.Ordinal) + 1;
        long? unit = power == 0 ? null : suffix[1..] switch
        {
            "" => 1000,
            "B" or "I" or "IB" => 1024,
            _ => null,
        };
        if (unit is not { } each)
        {
            return null;
        }

        long factor = 1;
        for (int i = 0; i < power; i++)
        {
            factor *= each;
        }

        return factor;
    }
}

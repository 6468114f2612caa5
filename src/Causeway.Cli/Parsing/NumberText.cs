using System.Globalization;

namespace Causeway.Cli.Parsing;

/// <summary>Splits a text such as <c>1.5GiB</c> or <c>200_000</c> into a number and what follows it.</summary>
internal static class NumberText
{
    // Long enough for every 64-bit number with underscores; keeps garbage out of the number parser.
    private const int LengthMax = 40;

    /// <summary>Reads the leading number, which must begin with a digit (so no sign, no space, no bare fraction).</summary>
    public static bool TrySplit(ReadOnlySpan<char> text, out decimal number, out ReadOnlySpan<char> rest)
    {
        number = 0;
        rest = default;
        if (text.IsEmpty || text.Length > LengthMax || !char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        Span<char> digits = stackalloc char[LengthMax];
        int length = 0;
        int at = 0;
        for (; at < text.Length; at++)
        {
            char c = text[at];
            if (char.IsAsciiDigit(c) || c == '.')
            {
                digits[length++] = c;
            }
            else if (c != '_')
            {
                break;
            }
        }

        rest = text[at..];
        return text[at - 1] is not ('_' or '.')
            && decimal.TryParse(digits[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>The product as a 64-bit number when it is whole and in range.</summary>
    public static bool TryScale(decimal number, long factor, out long scaled)
    {
        scaled = 0;
        if (number > (decimal)long.MaxValue / factor)
        {
            return false;
        }

        decimal product = number * factor;
        if (product != decimal.Truncate(product))
        {
            return false;
        }

        scaled = (long)product;
        return true;
    }
}

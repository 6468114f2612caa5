using System.Globalization;

namespace Causeway.Cli.Parsing;

/// <summary>A whole number of things: <c>1000</c>, <c>200_000</c>, <c>10k</c>, <c>1.5M</c> (k, M, G are powers of 1000).</summary>
internal readonly record struct Count(long Value) : IValueText<Count>
{
    public static string Accepted => "a whole number, alone or with k, M, G (1000)";

    public static string HelpName => "n";

    public static bool TryRead(ReadOnlySpan<char> text, out Count value)
    {
        value = default;
        if (!NumberText.TrySplit(text, out decimal number, out ReadOnlySpan<char> suffix)
            || !TryFactor(suffix, out long factor)
            || !NumberText.TryScale(number, factor, out long scaled))
        {
            return false;
        }

        value = new Count(scaled);
        return true;
    }

    public int CompareTo(Count other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>What the suffix k, M or G multiplies with; 1 for none.</summary>
    internal static bool TryFactor(ReadOnlySpan<char> suffix, out long factor)
    {
        factor = suffix switch
        {
            "" => 1,
            "k" or "K" => 1000,
            "m" or "M" => 1_000_000,
            "g" or "G" => 1_000_000_000,
            _ => 0,
        };
        return factor != 0;
    }
}

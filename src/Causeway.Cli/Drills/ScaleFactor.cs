using System.Globalization;
using Causeway.Cli.Parsing;

namespace Causeway.Cli.Drills;

/// <summary>What something is multiplied with: <c>30</c>, <c>0.1</c>.</summary>
internal readonly record struct ScaleFactor(double Factor) : IValueText<ScaleFactor>
{
    public static string Accepted => "a number such as 30 or 0.1";

    public static string HelpName => "factor";

    public static bool TryRead(ReadOnlySpan<char> text, out ScaleFactor value)
    {
        bool isRead = NumberText.TrySplit(text, out decimal number, out ReadOnlySpan<char> rest) && rest.IsEmpty;
        value = new ScaleFactor((double)number);
        return isRead;
    }

    public int CompareTo(ScaleFactor other) => Factor.CompareTo(other.Factor);

    public override string ToString() => Factor.ToString("0.####", CultureInfo.InvariantCulture);
}

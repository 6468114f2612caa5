using System.Globalization;
using Causeway.Drill.Results;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Report;

/// <summary>Writes figures, and says which of two is better.</summary>
internal static class FigureText
{
    /// <summary>What differs by less is called equal: a run is no benchmark.</summary>
    private const double EqualShare = 0.05;

    /// <summary>A figure with its unit.</summary>
    public static string Say(Figure? figure) => figure?.Value is not { } value ? "not told" : figure.Unit switch
    {
        FigureUnit.Bytes => ScriptText.Bytes(value),
        FigureUnit.Seconds => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} s"),
        FigureUnit.ScriptSeconds => ScriptText.Span(TimeSpan.FromSeconds(value)),
        FigureUnit.Share => string.Create(CultureInfo.InvariantCulture, $"{value:0%}"),
        _ => ScriptText.Number(value),
    };

    /// <summary>Which of two is better: -1 the left, 1 the right, 0 neither, or nobody can tell.</summary>
    public static int Better(Figure? left, Figure? right)
    {
        if (left?.Value is not { } one || right?.Value is not { } other || left.Better == FigureBetter.Neither
            || Math.Abs(one - other) <= EqualShare * Math.Max(Math.Abs(one), Math.Abs(other)))
        {
            return 0;
        }

        return (one < other) == (left.Better == FigureBetter.Lower) ? -1 : 1;
    }
}

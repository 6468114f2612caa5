using System.Globalization;
using System.Xml.Linq;

namespace Causeway.Drill.Report;

/// <summary>Draws charts as SVG in the page, with a legend, and with their values in a table for who can't see lines.</summary>
internal static class ChartDrawing
{
    private const double Width = 480;
    private const double Height = 210;
    private const double Left = 62;
    private const double Right = 10;
    private const double Top = 20;
    private const double Bottom = 26;
    private const int TimeTicks = 5;
    private const int PointsMax = 480;
    private const int TableRows = 12;
    private const int NumberedMarksMax = 24;
    private const double MarkRoom = 13;

    /// <summary>A figure with the chart; <paramref name="id"/> must be unique on the page.</summary>
    public static XElement Draw(Chart chart, ChartScale scale, string id) => Tag.Of(
        "figure",
        ("class", "chart"),
        Tag.Of("figcaption", Tag.Of("strong", chart.Title), chart.Of.Length == 0 ? null : Tag.Of("span", ("class", "of"), chart.Of)),
        Svg(chart, scale, id),
        Legend(chart),
        Values(chart));

    private static XElement Svg(Chart chart, ChartScale scale, string id) => Tag.Of(
        "svg",
        ("viewBox", $"0 0 {Width} {Height}"),
        ("role", "img"),
        ("aria-labelledby", $"{id}-t {id}-d"),
        Tag.Of("title", ("id", $"{id}-t"), $"{chart.Title} {chart.Of}".Trim()),
        Tag.Of("desc", ("id", $"{id}-d"), Describe(chart)),
        scale.Ticks.SelectMany(tick => ValueTick(chart, scale, tick)),
        Enumerable.Range(0, TimeTicks + 1).Select(i => TimeTick(chart, scale, i)),
        Marks(chart, scale),
        chart.Lines.SelectMany(line => Line(chart, scale, line)));

    private static string Describe(Chart chart) => chart.Lines.Count == 0
        ? "no values"
        : string.Join("; ", chart.Lines.Select(line =>
        {
            double[] values = [.. line.Values.OfType<double>()];
            return values.Length == 0 ? $"{line.Name}: no values" : $"{line.Name}: from {chart.Say(values[0])} to {chart.Say(values[^1])}, at most {chart.Say(values.Max())}";
        }));

    private static IEnumerable<XElement> ValueTick(Chart chart, ChartScale scale, double tick)
    {
        string y = Tag.Number(Y(scale, tick));
        yield return Tag.Of("line", ("class", "grid"), ("x1", Tag.Number(Left)), ("x2", Tag.Number(Width - Right)), ("y1", y), ("y2", y));
        yield return Tag.Of("text", ("class", "tick"), ("x", Tag.Number(Left - 6)), ("y", y), ("dy", "0.32em"), ("text-anchor", "end"), chart.Say(tick));
    }

    private static XElement TimeTick(Chart chart, ChartScale scale, int i)
    {
        double second = scale.MostSeconds * i / TimeTicks;
        string anchor = i switch { 0 => "start", TimeTicks => "end", _ => "middle" };
        return Tag.Of("text", ("class", "tick"), ("x", Tag.Number(X(scale, second))), ("y", Tag.Number(Height - 8)), ("text-anchor", anchor), chart.Clock(second));
    }

    private static IEnumerable<XElement> Marks(Chart chart, ChartScale scale)
    {
        double free = double.MinValue;
        foreach (ChartMark mark in chart.Marks)
        {
            double x = X(scale, Math.Clamp(mark.AtSeconds, 0, scale.MostSeconds));

            // Numbers that would lie on each other help nobody: the first stays.
            bool hasRoom = chart.Marks.Count <= NumberedMarksMax && x - free >= MarkRoom;
            free = hasRoom ? x : free;
            yield return Tag.Of(
                "g",
                ("class", $"mark {mark.Look}"),
                Tag.Of("title", $"{chart.Clock(mark.AtSeconds)} {mark.Text}"),
                Tag.Of("line", ("x1", Tag.Number(x)), ("x2", Tag.Number(x)), ("y1", Tag.Number(Top - 4)), ("y2", Tag.Number(Height - Bottom))),
                hasRoom ? Tag.Of("text", ("x", Tag.Number(x)), ("y", Tag.Number(Top - 8)), ("text-anchor", "middle"), mark.Number.ToString(CultureInfo.InvariantCulture)) : null);
        }
    }

    /// <summary>A line in pieces: where a node was dead or silent there is nothing to draw.</summary>
    private static IEnumerable<XElement> Line(Chart chart, ChartScale scale, ChartLine line)
    {
        int stride = Math.Max(1, line.Values.Count / PointsMax);
        List<string> piece = [];
        for (int i = 0; i < line.Values.Count; i++)
        {
            if (line.Values[i] is { } value && double.IsFinite(value))
            {
                // Of several samples on one point of the page the first is drawn; the last sample of all always is.
                if (i % stride == 0 || i == line.Values.Count - 1)
                {
                    piece.Add($"{Tag.Number(X(scale, chart.AtSeconds[i]))},{Tag.Number(Y(scale, Math.Min(value, scale.MostValue)))}");
                }
            }
            else if (piece.Count > 0)
            {
                yield return Piece(line, piece);
                piece = [];
            }
        }

        if (piece.Count > 0)
        {
            yield return Piece(line, piece);
        }
    }

    private static XElement Piece(ChartLine line, List<string> points) =>
        Tag.Of("polyline", ("class", $"line {line.Look}"), ("points", points.Count == 1 ? $"{points[0]} {points[0]}" : string.Join(' ', points)));

    private static XElement Legend(Chart chart) => Tag.Of(
        "ul",
        ("class", "legend"),
        chart.Lines.Count == 0 ? Tag.Of("li", "this bus does not tell") : null,
        chart.Lines.Select(line => Tag.Of(
            "li",
            Tag.Of("svg", ("viewBox", "0 0 24 8"), ("aria-hidden", "true"), Tag.Of("line", ("class", $"line {line.Look}"), ("x1", "0"), ("x2", "24"), ("y1", "4"), ("y2", "4"))),
            line.Name)));

    private static XElement? Values(Chart chart)
    {
        int rows = chart.AtSeconds.Count;
        if (rows == 0 || chart.Lines.Count == 0)
        {
            return null;
        }

        int[] picked = [.. Enumerable.Range(0, TableRows).Select(i => (rows - 1) * i / (TableRows - 1)).Distinct()];
        return Tag.Of(
            "details",
            Tag.Of("summary", "values"),
            Tag.Of("div", ("class", "wide"), Tag.Of(
                "table",
                Tag.Of("thead", Tag.Of("tr", Tag.Of("th", ("scope", "col"), "time"), chart.Lines.Select(line => Tag.Of("th", ("scope", "col"), ("class", "n"), line.Name)))),
                Tag.Of("tbody", picked.Select(row => Tag.Of(
                    "tr",
                    Tag.Of("th", ("scope", "row"), chart.Clock(chart.AtSeconds[row])),
                    chart.Lines.Select(line => Tag.Of("td", ("class", "n"), line.Values[row] is { } value ? chart.Say(value) : "–"))))))));
    }

    private static double X(ChartScale scale, double second) => Left + ((Width - Left - Right) * second / scale.MostSeconds);

    private static double Y(ChartScale scale, double value) => Height - Bottom - ((Height - Top - Bottom) * value / scale.MostValue);
}

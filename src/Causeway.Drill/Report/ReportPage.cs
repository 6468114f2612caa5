using System.Globalization;
using System.Xml.Linq;
using Causeway.Drill.Expectations;
using Causeway.Drill.Results;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Report;

/// <summary>A report of one run, or of two beside each other: one page of HTML that needs nothing else, without scripts.</summary>
internal static class ReportPage
{
    /// <summary>How many runs fit side by side.</summary>
    public const int ResultsMax = 2;

    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'";

    /// <summary>The page.</summary>
    /// <exception cref="ArgumentException">There are none, or more than fit.</exception>
    public static string Of(IReadOnlyList<DrillResult> results)
    {
        if (results.Count is 0 or > ResultsMax)
        {
            throw new ArgumentException($"a report of {results.Count} runs can't be made; accepted is 1 or {ResultsMax}");
        }

        string title = $"{results[0].Drill}: {string.Join(" and ", results.Select(result => result.Bus))}";
        return Tag.Page(Tag.Of(
            "html",
            ("lang", "en"),
            Tag.Of(
                "head",
                Tag.Of("meta", ("charset", "utf-8")),
                Tag.Of("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1")),
                Tag.Of("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy)),
                Tag.Of("title", title),
                Tag.Of("style", Style())),
            Tag.Of("body", ("class", results.Count == 1 ? "one" : "two"), Head(results), Main(results))));
    }

    private static XElement Head(IReadOnlyList<DrillResult> results) => Tag.Of(
        "header",
        Tag.Of("p", ("class", "eyebrow"), "Causeway drill"),
        Tag.Of("h1", results[0].Drill),
        Tag.Of("p", ("class", "lead"), results[0].Description),
        Tag.Of("div", ("class", "runs"), results.Select(Card)));

    private static XElement Card(DrillResult result)
    {
        int failed = result.Expectations.Count(outcome => outcome.Verdict == Verdict.Failed);
        int met = result.Expectations.Count(outcome => outcome.Verdict == Verdict.Met);
        return Tag.Of(
            "section",
            ("class", "card"),
            ("aria-label", result.Bus),
            Tag.Of("h2", result.Version, Tag.Of("span", ("class", failed == 0 ? "badge met" : "badge failed"), failed == 0 ? "all met" : $"{failed} not met")),
            Tag.Of("p", ("class", "small"), $"{met} of {result.Expectations.Count} expectations met{(met + failed < result.Expectations.Count ? $", {result.Expectations.Count - met - failed} that can't be judged here" : "")}"),
            Tag.Of("dl", Facts(result).Select(fact => Tag.Of("div", Tag.Of("dt", fact.Name), Tag.Of("dd", fact.Value)))));
    }

    private static IEnumerable<(string Name, string Value)> Facts(DrillResult result)
    {
        foreach ((string key, string name) in new[]
        {
            ("deaths", "died"), ("memory_peak_share", "most memory, of limit"), ("local_lost", "lost locally"),
            ("remote_lost", "lost between regions"), ("detected_seconds", "first alarm after"), ("converged_seconds", "converged after"),
        })
        {
            yield return (name, FigureText.Say(result.Figures.FirstOrDefault(figure => figure.Key == key)));
        }
    }

    private static XElement Main(IReadOnlyList<DrillResult> results)
    {
        IReadOnlyList<Chart>[] memory = [.. results.Select(ResultCharts.Memory)];
        IReadOnlyList<Chart>[] others = [.. results.Select(ResultCharts.Others)];
        return Tag.Of(
            "main",
            results[0].Story.Length == 0 ? null : Tag.Of("section", ("class", "story"), Tag.Of("h2", "The story"), Paragraphs(results[0].Story)),
            Tag.Of("section", Tag.Of("h2", "Expectations"), ReportTables.Expectations(results)),
            Tag.Of(
                "section",
                Tag.Of("h2", "Memory of each node, against its limit"),
                Marks(),
                Charts(results, memory, shared: true, "m")),
            Tag.Of("section", Tag.Of("h2", "Links, interest, messages and clients"), Charts(results, others, shared: false, "o")),
            Tag.Of("section", Tag.Of("h2", "Figures"), results.Count == 2 ? Fairness(results) : null, ReportTables.Figures(results)),
            Tag.Of("section", Tag.Of("h2", "What happened"), results.Select(result => Tag.Of("details", ("open", "open"), Tag.Of("summary", result.Version), ReportTables.Timeline(result)))),
            Tag.Of("section", Tag.Of("h2", "How it was run"), results.Select(How)));
    }

    private static XElement Marks() => Tag.Of(
        "p",
        ("class", "small"),
        "Upright lines: ", Tag.Of("span", ("class", "key step"), "steps of the script"), ", ", Tag.Of("span", ("class", "key alarm"), "alarms"), ", ",
        Tag.Of("span", ("class", "key death"), "deaths"), "; numbers are those of the timeline below.");

    private static XElement Fairness(IReadOnlyList<DrillResult> results) => Tag.Of(
        "p",
        ("class", "small"),
        "Each ran with the limits, load, seed and links that stand below. A figure is called better where it differs by more than 5 %; one run is no benchmark. ",
        $"{results[0].Bus} is better in: {BetterIn(results, -1)}. {results[1].Bus} is better in: {BetterIn(results, 1)}.");

    private static string BetterIn(IReadOnlyList<DrillResult> results, int side)
    {
        string[] labels =
        [
            .. results[0].Figures
                .Where(figure => FigureText.Better(figure, results[1].Figures.FirstOrDefault(other => other.Key == figure.Key)) == side)
                .Select(figure => char.ToLowerInvariant(figure.Label[0]) + figure.Label[1..]),
        ];
        return labels.Length == 0 ? "nothing" : string.Join("; ", labels);
    }

    /// <summary>Charts in a grid: of one run as they fit, of two with each pair in a row and on the same axes.</summary>
    private static XElement Charts(IReadOnlyList<DrillResult> results, IReadOnlyList<Chart>[] charts, bool shared, string id)
    {
        int rows = charts.Min(list => list.Count);
        ChartScale? scale = shared && rows > 0 ? ChartScale.Of([.. charts.SelectMany(list => list)]) : null;
        return Tag.Of("div", ("class", "charts"), Enumerable.Range(0, rows).SelectMany(row => charts.Select((list, run) =>
        {
            Chart chart = list[row];
            Chart named = charts.Length == 1 ? chart : chart with { Of = chart.Of.Length == 0 ? results[run].Bus : $"{chart.Of}, {results[run].Bus}" };
            return ChartDrawing.Draw(named, scale ?? ChartScale.Of([.. charts.Select(other => other[row])]), $"{id}{row}-{run}");
        })));
    }

    private static XElement How(DrillResult result) => Tag.Of(
        "dl",
        ("class", "how"),
        Row("bus", result.Version),
        Row("command", result.Command),
        Row("begun", result.StartedAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)),
        Row("deployment", $"{string.Join(", ", result.Regions)}, {result.NodesPerRegion} nodes each, {ScriptText.Bytes(result.MemoryLimitBytes)} of memory for each process"),
        Row("links", result.Links.Count == 0 ? "pass everything on" : string.Join("; ", result.Links)),
        Row("clock", string.Create(CultureInfo.InvariantCulture, $"{result.TimeScale:0.##} times faster than the script's; size {result.Size:0.###}, seed {result.Seed}")),
        Row("machine", string.Join("; ", result.Machine)));

    private static XElement Row(string name, string value) => Tag.Of("div", Tag.Of("dt", name), Tag.Of("dd", value));

    private static IEnumerable<XElement> Paragraphs(string text) =>
        text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(paragraph => Tag.Of("p", paragraph.Replace('\n', ' ').Trim()));

    private static string Style()
    {
        using StreamReader reader = new(typeof(ReportPage).Assembly.GetManifestResourceStream("Report/report.css")!);
        return reader.ReadToEnd();
    }
}

using System.Globalization;
using System.Xml.Linq;
using Causeway.Drill.Engine;
using Causeway.Drill.Expectations;
using Causeway.Drill.Results;

namespace Causeway.Drill.Report;

/// <summary>The tables of a report: expectations, figures, timeline.</summary>
internal static class ReportTables
{
    /// <summary>What was expected and what came of it, for one run or beside each other.</summary>
    public static XElement Expectations(IReadOnlyList<DrillResult> results)
    {
        IReadOnlyList<Outcome> rows = results[0].Expectations;
        return Table(
            "expectations",
            ["expected", .. results.SelectMany(result => results.Count == 1 ? (string[])["came out", "found"] : [$"{result.Bus}", "found"])],
            rows.Select((row, i) => Tag.Of(
                "tr",
                Tag.Of("th", ("scope", "row"), Tag.Of("code", row.Key), Tag.Of("span", ("class", "say"), row.Wanted)),
                results.SelectMany(result => Outcome(result.Expectations.Count > i && result.Expectations[i].Key == row.Key ? result.Expectations[i] : null)))));
    }

    /// <summary>The figures, and which run has the better one.</summary>
    public static XElement Figures(IReadOnlyList<DrillResult> results) => Table(
        "figures",
        ["figure", .. results.Select(result => result.Bus)],
        results[0].Figures.Select(figure =>
        {
            Figure?[] all = [.. results.Select(result => result.Figures.FirstOrDefault(other => other.Key == figure.Key))];
            int better = all.Length == 2 ? FigureText.Better(all[0], all[1]) : 0;
            return Tag.Of(
                "tr",
                Tag.Of("th", ("scope", "row"), figure.Label),
                all.Select((one, i) =>
                {
                    bool isBetter = better == (i == 0 ? -1 : 1) && all.Length == 2;
                    return Tag.Of("td", ("class", isBetter ? "n better" : "n"), FigureText.Say(one), isBetter ? Tag.Of("span", ("class", "tag"), "better") : null);
                }));
        }),
        areNumbers: true);

    /// <summary>What happened in a run.</summary>
    public static XElement Timeline(DrillResult result) => Table(
        $"timeline of {result.Bus}",
        ["#", "clock", "after", "what", ""],
        result.Events.Select((what, i) => Tag.Of(
            "tr",
            ("class", Look(what.Kind)),
            Tag.Of("td", ("class", "n"), (i + 1).ToString(CultureInfo.InvariantCulture)),
            Tag.Of("td", ("class", "n"), result.Clock(Math.Max(0, what.AtSeconds))),
            Tag.Of("td", ("class", "n"), $"{what.AtSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s"),
            Tag.Of("td", Tag.Of("span", ("class", "kind"), Word(what.Kind))),
            Tag.Of("td", what.Text))));

    private static IEnumerable<XElement> Outcome(Outcome? outcome)
    {
        (string look, string word) = outcome?.Verdict switch
        {
            Verdict.Met => ("met", "met"),
            Verdict.Failed => ("failed", "not met"),
            _ => ("untold", "not told"),
        };
        yield return Tag.Of("td", Tag.Of("span", ("class", $"badge {look}"), word));
        yield return Tag.Of("td", outcome?.Found ?? "");
    }

    private static XElement Table(string caption, IReadOnlyList<string> columns, IEnumerable<XElement> rows, bool areNumbers = false) => Tag.Of(
        "div",
        ("class", "wide"),
        Tag.Of(
            "table",
            Tag.Of("caption", caption),
            Tag.Of("thead", Tag.Of("tr", columns.Select((column, i) => Tag.Of("th", ("scope", "col"), i > 0 && areNumbers ? ("class", "n") : null, column)))),
            Tag.Of("tbody", rows)));

    private static string Look(EventKind kind) => kind switch
    {
        EventKind.Death or EventKind.Problem => "death",
        EventKind.AlarmOpened or EventKind.Warning or EventKind.NotPossible => "alarm",
        EventKind.Step => "step",
        EventKind.Note => "note",
        _ => "plain",
    };

    private static string Word(EventKind kind) => kind switch
    {
        EventKind.Phase => "drill",
        EventKind.Note => "story",
        EventKind.Step => "step",
        EventKind.Done => "done",
        EventKind.Problem => "problem",
        EventKind.NotPossible => "not possible",
        EventKind.AlarmOpened => "alarm",
        EventKind.AlarmClosed => "alarm over",
        EventKind.Death => "death",
        _ => "warning",
    };
}

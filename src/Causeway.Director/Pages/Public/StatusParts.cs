using System.Globalization;
using Causeway.Director.Status;

namespace Causeway.Director.Pages.Public;

/// <summary>Pieces of the public pages. Each meaning has a word and a shape beside its colour.</summary>
internal static class StatusParts
{
    private const int BarWidth = 10;
    private const int BarHeight = 40;

    /// <summary>The class that colours a state.</summary>
    public static string Class(ComponentState state) => state switch
    {
        ComponentState.Operational => "ok",
        ComponentState.DegradedPerformance => "warn",
        ComponentState.PartialOutage => "part",
        _ => "bad",
    };

    /// <summary>The shape of a state.</summary>
    public static Html Icon(ComponentState state) => state switch
    {
        ComponentState.Operational => Html.Of($"""<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="8.500"/><path d="M6 10.500l2.700 2.700L14 7.500"/></svg>"""),
        ComponentState.DegradedPerformance => Html.Of($"""<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="8.500"/><path d="M6 10h8"/></svg>"""),
        ComponentState.PartialOutage => Html.Of($"""<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 2.200L18.500 17h-17z"/><path d="M10 8v4M10 14.300v.2"/></svg>"""),
        _ => Html.Of($"""<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M6.500 1.500h7l5 5v7l-5 5h-7l-5-5v-7z"/><path d="M7 7l6 6M13 7l-6 6"/></svg>"""),
    };

    /// <summary>A state with its shape and its words.</summary>
    public static Html Pill(ComponentState state) => Html.Of($"""<span class="pill {Class(state)}">{Icon(state)}{StatusWords.State(state)}</span>""");

    /// <summary>One component with its last days.</summary>
    public static Html Component(ComponentStatus component, StatusSnapshot snapshot)
    {
        IReadOnlyList<DayUptime> days = snapshot.UptimeOf(component.Id);
        string uptime = DayUptime.Uptime(days) is { } share ? $"{Percent(share)} uptime" : "not measured yet";
        return Html.Of($"""
            <li class="component">
            <div class="component-head"><h3>{(component.Region.Length == 0 ? "Global Real Time Communication" : "Regional Real Time Communication")}{Region(component.Region)}</h3>{Pill(component.State)}</div>
            {Bars(days, uptime)}
            <p class="bar-legend"><span>{StatusLimits.Days} days ago</span><span class="bar-rule"></span><span>{uptime}</span><span class="bar-rule"></span><span>Today</span></p>
            </li>

            """);
    }

    /// <summary>One incident with its timeline.</summary>
    public static Html Incident(Incident incident, bool isLink)
    {
        Html title = Html.Of($"{StatusWords.Title(incident)}");
        Html heading = isLink ? Html.Of($"""<a href="/status/incidents/{incident.Id}" id="incident-{incident.Id}">{title}</a>""") : title;
        string length = incident.RecoveredAt is { } end ? $"lasted {PageFrame.Length(end - incident.DetectedAt)}" : "ongoing";
        return Html.Of($"""
            <article class="incident {(incident.IsOpen ? Class(incident.Impact) : "over")}">
            <h3>{heading}</h3>
            <p class="muted">{PageFrame.Time(incident.DetectedAt)} · {length} · {StatusWords.Phase(incident.Phase).ToLowerInvariant()}</p>
            <ol class="timeline">
            {Html.Join(incident.Timeline.Reverse().Select(Entry))}
            </ol>
            </article>

            """);
    }

    /// <summary>A share in percent with as many digits as are true of a day in ninety.</summary>
    public static string Percent(double share) => share >= 1 ? "100 %" : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 100_000) / 1000:0.000} %");

    private static Html Region(string region) => region.Length == 0 ? Html.Empty : Html.Of($""" <span class="region">{region}</span>""");

    private static Html Entry(TimelineEntry entry) => Html.Of($"""
        <li class="phase-{StatusWords.Phase(entry.Phase).ToLowerInvariant()}"><p class="entry-head"><strong>{StatusWords.Phase(entry.Phase)}</strong> {(entry.IsByOperator ? Html.Of($"""<span class="muted">by an operator</span> """) : Html.Empty)}{PageFrame.Time(entry.At)}</p><p class="entry-text">{entry.Text}</p></li>

        """);

    /// <summary>One bar for each day; how high it stands says the worst of the day, as its colour does.</summary>
    private static Html Bars(IReadOnlyList<DayUptime> days, string uptime)
    {
        List<DayUptime> bad = [.. days.Where(day => day.Worst > ComponentState.Operational).TakeLast(10)];
        string trouble = bad.Count == 0 ? "no day with trouble" : "days with trouble: " + string.Join("; ", bad.Select(Describe));
        return Html.Of($"""
            <svg class="bars" viewBox="0 0 {days.Count * BarWidth} {BarHeight}" preserveAspectRatio="none" role="img" aria-label="Last {days.Count} days: {uptime}, {trouble}">
            {Html.Join(days.Select(Bar))}</svg>
            """);
    }

    private static Html Bar(DayUptime day, int i)
    {
        int height = day.Worst switch
        {
            null => 6,
            ComponentState.Operational => BarHeight,
            ComponentState.DegradedPerformance => BarHeight * 4 / 5,
            ComponentState.PartialOutage => BarHeight * 11 / 20,
            _ => BarHeight * 3 / 10,
        };
        return Html.Of($"""<rect class="{(day.Worst is { } worst ? Class(worst) : "none")}" x="{(i * BarWidth) + 2}" y="{BarHeight - height}" width="{BarWidth - 4}" height="{height}"><title>{Describe(day)}</title></rect>""");
    }

    private static string Describe(DayUptime day)
    {
        string date = day.Day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
        return day.Worst switch
        {
            null => $"{date}: not measured",
            ComponentState.Operational => $"{date}: operational",
            ComponentState.DegradedPerformance => $"{date}: degraded performance for {PageFrame.Length(TimeSpan.FromMilliseconds(day.Degraded))}",
            { } worst => $"{date}: {StatusWords.State(worst).ToLowerInvariant()}, out for {PageFrame.Length(TimeSpan.FromMilliseconds(day.Partial + day.Major))}",
        };
    }
}

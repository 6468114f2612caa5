using Causeway.Director.Status;

namespace Causeway.Director.Pages.Public;

/// <summary>The public pages as HTML. They work without scripts; the script only fetches them again.</summary>
internal static class StatusPage
{
    private static readonly Html Head = Html.Of($"""
        <meta name="description" content="Current state and incident history">
        <link rel="alternate" type="application/atom+xml" title="Incidents" href="/status/feed.atom">
        <script type="module" src="/assets/status.js"></script>
        <noscript><meta http-equiv="refresh" content="60"></noscript>
        """);

    /// <summary>The page with the current state.</summary>
    public static Html Now(StatusSnapshot snapshot)
    {
        bool isKnown = snapshot.Components.Length > 0;
        string overall = isKnown ? StatusWords.Overall(snapshot.Worst) : "No measurements yet";
        List<Incident> open = [.. snapshot.Log.Incidents.Where(incident => incident.IsOpen)];
        List<Incident> recent = [.. snapshot.Log.Incidents.Where(incident => !incident.IsOpen).Take(PagesLimits.RecentIncidents)];
        return Frame($"{overall} – Causeway Status", Html.Of($"""
            <section class="hero {(isKnown ? StatusParts.Class(snapshot.Worst) : "none")}" aria-labelledby="overall">
            {(isKnown ? StatusParts.Icon(snapshot.Worst) : Html.Empty)}
            <div><h1 id="overall">{overall}</h1>
            <p>{(isKnown ? Html.Of($"Measured by the system itself, last at {PageFrame.Time(snapshot.At)}.") : Html.Of($"The system has not reported yet."))}</p></div>
            </section>
            {Section("Ongoing incident", "open", open, isLink: true)}
            <section aria-labelledby="components"><h2 id="components">Components</h2>
            <ul class="components card">
            {Html.Join(snapshot.Components.Select(component => StatusParts.Component(component, snapshot)))}
            </ul>
            <p class="muted small">Each bar is a day (UTC); how high it stands and its colour tell the worst state of that day. Uptime is the share of measured time without a partial or major outage.</p>
            </section>
            <section aria-labelledby="recent"><h2 id="recent">Recent incidents</h2>
            {(recent.Count == 0 ? Html.Of($"""<p class="muted">No incidents are recorded.</p>""") : Html.Join(recent.Select(incident => StatusParts.Incident(incident, isLink: true))))}
            <p><a href="/status/history">All incidents</a></p>
            </section>
            """));
    }

    /// <summary>The page with all incidents.</summary>
    public static Html History(StatusSnapshot snapshot) => Frame("Incident history – Causeway Status", Html.Of($"""
        <h1>Incident history</h1>
        {(snapshot.Log.Incidents.Length == 0
            ? Html.Of($"""<p class="muted">No incidents are recorded.</p>""")
            : Html.Join(snapshot.Log.Incidents.GroupBy(incident => (incident.DetectedAt.Year, incident.DetectedAt.Month)).Select(Month)))}
        <p><a href="/status">Current state</a></p>
        """));

    /// <summary>The page of one incident.</summary>
    public static Html One(Incident incident) => Frame($"{StatusWords.Title(incident)} – Causeway Status", Html.Of($"""
        <p><a href="/status">Current state</a> · <a href="/status/history">All incidents</a></p>
        <h1>Incident</h1>
        {StatusParts.Incident(incident, isLink: false)}
        """));

    /// <summary>The page for what is not there.</summary>
    public static Html Missing() => Frame("Not found – Causeway Status", Html.Of($"""
        <h1>There is no such page</h1>
        <p>Incidents are kept for a while only. <a href="/status">Current state</a> · <a href="/status/history">All incidents</a></p>
        """));

    private static Html Month(IGrouping<(int Year, int Month), Incident> month) => Html.Of($"""
        <section><h2>{new DateOnly(month.Key.Year, month.Key.Month, 1).ToString("MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture)}</h2>
        {Html.Join(month.Select(incident => StatusParts.Incident(incident, isLink: true)))}
        </section>

        """);

    private static Html Section(string heading, string id, List<Incident> incidents, bool isLink) => incidents.Count == 0 ? Html.Empty : Html.Of($"""
        <section aria-labelledby="{id}"><h2 id="{id}">{heading}</h2>
        {Html.Join(incidents.Select(incident => StatusParts.Incident(incident, isLink)))}
        </section>
        """);

    private static Html Frame(string title, Html content) => PageFrame.Page(title, Head, ("Status", "/status"), Html.Empty, Html.Of($"""
        <main id="main" class="wrap narrow" tabindex="-1">
        {content}
        </main>
        <div id="announce" class="visually-hidden" role="status" aria-live="polite"></div>
        <footer class="foot"><div class="wrap narrow"><nav aria-label="Formats and pages"><ul>
        <li><a href="/status/history">Incident history</a></li><li><a href="/status/feed.atom">Atom feed</a></li><li><a href="/status.json">JSON</a></li>
        </ul></nav></div></footer>
        """));
}

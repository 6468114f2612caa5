using Causeway.Director.Pages.Access;

namespace Causeway.Director.Pages.Ops;

/// <summary>The operations page and its login, as HTML. What is live comes into it by its script.</summary>
internal static class OpsPage
{
    /// <summary>The login.</summary>
    public static Html Login(string problem) => PageFrame.Page("Log in – Causeway Operations", Html.Empty, ("Operations", "/ops"), Html.Empty, Html.Of($"""
        <main id="main" class="wrap login" tabindex="-1">
        <form class="card" method="post" action="/ops/login">
        <h1>Log in</h1>
        <p class="muted">The operations page needs the operators' token.</p>
        {(problem.Length == 0 ? Html.Empty : Html.Of($"""<p class="notice bad" role="alert" id="problem">{problem}</p>"""))}
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus {(problem.Length == 0 ? Html.Empty : Html.Of($"""aria-invalid="true" aria-describedby="problem" """))}>
        <button type="submit" class="primary">Log in</button>
        </form>
        <p class="centre"><a href="/status">Public status page</a></p>
        </main>
        """));

    /// <summary>The page for one who is logged in.</summary>
    public static Html Live(string csrf, bool hasDrills) => PageFrame.Page(
        "Causeway Operations",
        Html.Of($"""
        <link rel="stylesheet" href="/assets/ops.css">
        <meta name="csrf" content="{csrf}">
        <script type="module" src="/assets/ops.js"></script>
        """),
        ("Operations", "/ops"),
        Html.Of($"""
        <span id="live" class="live" role="status"><span class="dot" aria-hidden="true"></span><span id="live-text">Connecting</span></span>
        <a class="tool-link" href="/status">Public page</a>
        <form method="post" action="/ops/logout"><input type="hidden" name="{OperatorGuard.CsrfField}" value="{csrf}"><button type="submit" class="quiet">Log out</button></form>
        """),
        Html.Of($"""
        {Html.Asset(StaticAssets.Text("ops-body.html"))}
        {(hasDrills ? Html.Asset(StaticAssets.Text("ops-drills.html")) : Html.Empty)}
        {Html.Asset(StaticAssets.Text("ops-dialogs.html"))}
        """));
}

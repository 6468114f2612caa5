using System.Globalization;

namespace Causeway.Director.Pages;

/// <summary>What all pages have around their content, and the pieces that several have.</summary>
internal static class PageFrame
{
    private static readonly Html Logo = Html.Of($"""
        <svg class="logo" viewBox="0 0 24 24" aria-hidden="true"><path d="M2 16c3.3-7 16.700-7 20 0M2 19h20M7 12v7M12 10.500v8.500M17 12v7"/></svg>
        """);

    /// <summary>A whole page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="head">More for its head.</param>
    /// <param name="brand">What its header calls it, and where that leads.</param>
    /// <param name="tools">What stands at the right of its header.</param>
    /// <param name="body">What follows the header.</param>
    public static Html Page(string title, Html head, (string Name, string Href) brand, Html tools, Html body) => Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/assets/site.css">
        <script src="/assets/theme.js"></script>
        {head}
        </head>
        <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top"><div class="wrap top-row">
        <a class="brand" href="{brand.Href}">{Logo}<span>Causeway</span> <span class="brand-part">{brand.Name}</span></a>
        <div class="tools">{tools}<button type="button" class="icon-button" id="theme" hidden aria-label="Colour theme: as the system" title="Colour theme"><svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8"/><path class="solid" d="M12 4a8 8 0 0 1 0 16z"/></svg></button></div>
        </div></header>
        {body}
        </body>
        </html>

        """);

    /// <summary>A moment, in UTC, so that all who talk about it mean the same.</summary>
    public static Html Time(DateTimeOffset at) => Html.Of(
        $"""<time datetime="{at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}">{at.UtcDateTime.ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC</time>""");

    /// <summary>A length of time in words: <c>2 h 5 min</c>.</summary>
    public static string Length(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Days} d {time.Hours} h"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h {time.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.Seconds)} s"),
    };
}

using Causeway.Director.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Causeway.Director.Pages.Public;

/// <summary>The public pages' addresses. They read what the publisher holds and touch nothing else.</summary>
internal sealed class StatusEndpoints(StatusPublisher status)
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds them to <paramref name="routes"/>.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", Reading, () => Results.Redirect("/status"));
        routes.MapMethods("/status", Reading, (HttpContext context) => Html(context, StatusPage.Now(status.Current)));
        routes.MapMethods("/status/history", Reading, (HttpContext context) => Html(context, StatusPage.History(status.Current)));
        routes.MapMethods("/status/incidents/{id}", Reading, (string id, HttpContext context) => status.Current.Log.Find(id) is { } incident
            ? Html(context, StatusPage.One(incident))
            : Html(context, StatusPage.Missing(), StatusCodes.Status404NotFound));
        routes.MapMethods("/status/feed.atom", Reading, (HttpContext context) => Bytes(
            context, StatusFeed.Write(status.Current, $"{context.Request.Scheme}://{context.Request.Host}"), "application/atom+xml; charset=utf-8"));
        routes.MapMethods("/status.json", Reading, (HttpContext context) => Bytes(context, StatusData.Write(status.Current), "application/json; charset=utf-8"));
        routes.MapMethods("/assets/{name}", Reading, (string name, HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, no-cache";
            return StaticAssets.Serve(name);
        });
    }

    private static IResult Html(HttpContext context, Html page, int code = StatusCodes.Status200OK)
    {
        SecurityHeaders.AllowCaching(context);
        return Results.Content(page.ToString(), "text/html; charset=utf-8", statusCode: code);
    }

    private static IResult Bytes(HttpContext context, byte[] body, string type)
    {
        SecurityHeaders.AllowCaching(context);
        return Results.Bytes(body, type);
    }
}

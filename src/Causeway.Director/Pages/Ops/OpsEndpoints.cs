using System.Globalization;
using Causeway.Director.Pages.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Causeway.Director.Pages.Ops;

/// <summary>The operations page's addresses. All but the login need a login, and all that change something the login's own page.</summary>
internal sealed class OpsEndpoints(PagesServices services, OperatorGuard guard, OpsStreams streams, ViewHistory history, OpsActions actions, CancellationToken stopping)
{
    /// <summary>Adds them to <paramref name="routes"/>.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ops", (Delegate)PageAsync);
        routes.MapPost("/ops/login", (Delegate)LoginAsync);
        routes.MapPost("/ops/logout", (Delegate)LogoutAsync);
        RouteGroupBuilder own = routes.MapGroup("/ops");
        own.AddEndpointFilter(RequireSessionAsync);
        own.MapGet("/events", (Delegate)((HttpContext context) => streams.ServeAsync(context, guard, stopping)));
        own.MapGet("/history", (HttpContext context) => History(context));
        own.MapGet("/drills", (Delegate)DrillsAsync);
        own.MapGet("/drills/report", (Delegate)ReportAsync);
        own.MapPost("/actions/{action}", (string action, HttpContext context) => actions.DoAsync(action, context));
    }

    private async ValueTask<object?> RequireSessionAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        HttpContext context = call.HttpContext;
        SecurityHeaders.ForbidCaching(context);
        if (await guard.SessionOfAsync(context).ConfigureAwait(false) is not { } session)
        {
            return Problem("log in at /ops first", StatusCodes.Status401Unauthorized);
        }

        bool changes = !HttpMethods.IsGet(context.Request.Method);
        return changes && !guard.IsOwnRequest(context, session, context.Request.Headers[OperatorGuard.CsrfHeader])
            ? Problem($"the request does not come from the operations page: its header {OperatorGuard.CsrfHeader} is missing or wrong", StatusCodes.Status403Forbidden)
            : await next(call).ConfigureAwait(false);
    }

    private async Task<IResult> PageAsync(HttpContext context)
    {
        SecurityHeaders.ForbidCaching(context);
        return await guard.SessionOfAsync(context).ConfigureAwait(false) is { } session
            ? Html(OpsPage.Live(guard.CsrfToken(session), services.Drills is not null), StatusCodes.Status200OK)
            : Html(OpsPage.Login(""), StatusCodes.Status200OK);
    }

    private async Task<IResult> LoginAsync(HttpContext context)
    {
        SecurityHeaders.ForbidCaching(context);
        string address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (!OperatorGuard.IsSameOrigin(context.Request))
        {
            return Html(OpsPage.Login("The login did not come from this page. Try again here."), StatusCodes.Status403Forbidden);
        }

        if (!guard.Throttle.TryEnter(address, services.Time.GetUtcNow(), out TimeSpan wait))
        {
            int seconds = (int)Math.Ceiling(wait.TotalSeconds);
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return Html(OpsPage.Login($"Too many wrong tokens. Try again in {seconds} s."), StatusCodes.Status429TooManyRequests);
        }

        string? token = (await FormAsync(context).ConfigureAwait(false))?["token"].ToString();
        if (token is null || !services.IsOperator(token))
        {
            return Html(OpsPage.Login("This is not the operators' token."), StatusCodes.Status401Unauthorized);
        }

        guard.Throttle.Succeeded(address);
        guard.Begin(context);
        return Results.Redirect("/ops");
    }

    private async Task<IResult> LogoutAsync(HttpContext context)
    {
        SecurityHeaders.ForbidCaching(context);
        if (await guard.SessionOfAsync(context).ConfigureAwait(false) is not { } session)
        {
            return Results.Redirect("/ops");
        }

        IFormCollection? form = await FormAsync(context).ConfigureAwait(false);
        if (!guard.IsOwnRequest(context, session, form?[OperatorGuard.CsrfField].ToString()))
        {
            return Problem("the request does not come from the operations page", StatusCodes.Status403Forbidden);
        }

        await guard.EndAsync(context, session).ConfigureAwait(false);
        return Results.Redirect("/ops");
    }

    private IResult History(HttpContext context)
    {
        string key = context.Request.Query["node"].ToString();
        object? samples = key.Length == 0 ? history.Overview() : history.Accounts(key);
        return samples is null ? Problem($"there are no samples of node '{key}'", StatusCodes.Status404NotFound) : Results.Json(samples, OpsFrame.Format);
    }

    private async Task<IResult> DrillsAsync(HttpContext context) => services.Drills is null
        ? Problem("drills can't be started from this director", StatusCodes.Status404NotFound)
        : Results.Json(await services.Drills.ListAsync(context.RequestAborted).ConfigureAwait(false), OpsFrame.Format);

    private async Task<IResult> ReportAsync(HttpContext context)
    {
        string? report = services.Drills is null ? null : await services.Drills.ReportAsync(context.RequestAborted).ConfigureAwait(false);
        if (report is null)
        {
            return Problem("there is no report of a drill", StatusCodes.Status404NotFound);
        }

        SecurityHeaders.AllowOwnStyles(context);
        return Results.Content(report, "text/html; charset=utf-8");
    }

    private static async Task<IFormCollection?> FormAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = PagesLimits.MaxBodyBytes;
        }

        try
        {
            return context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false) : null;
        }
        catch (Exception failure) when (failure is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    private static IResult Html(Html page, int code) => Results.Content(page.ToString(), "text/html; charset=utf-8", statusCode: code);

    private static IResult Problem(string problem, int code) => Results.Json(new { problem }, OpsFrame.Format, statusCode: code);
}

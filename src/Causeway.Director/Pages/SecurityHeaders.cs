using Microsoft.AspNetCore.Http;

namespace Causeway.Director.Pages;

/// <summary>The headers that every answer of the pages carries.</summary>
internal static class SecurityHeaders
{
    /// <summary>Everything from here, nothing inline, framed by nobody.</summary>
    public const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Adds them before the endpoint runs, so that its errors carry them too.</summary>
    public static ValueTask<object?> AddAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        IHeaderDictionary headers = call.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Stricter ones make browsers leave the origin out of a form's request, which then can't be checked.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        return next(call);
    }

    /// <summary>For a page that has its styles in itself, and neither scripts nor forms: nothing else of it is run, whatever stands in it.</summary>
    public static void AllowOwnStyles(HttpContext context) =>
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox";

    /// <summary>Lets nobody keep the answer.</summary>
    public static void ForbidCaching(HttpContext context) => context.Response.Headers.CacheControl = "no-store";

    /// <summary>Lets everybody keep the answer for a moment.</summary>
    public static void AllowCaching(HttpContext context) =>
        context.Response.Headers.CacheControl = $"public, max-age={PagesLimits.PublicCacheSeconds}";
}

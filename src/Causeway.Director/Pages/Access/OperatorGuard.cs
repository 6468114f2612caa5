using Microsoft.AspNetCore.Http;

namespace Causeway.Director.Pages.Access;

/// <summary>Who may see the operations page and change something: logins, their cookie, and the checks before each request. Thread-safe.</summary>
internal sealed class OperatorGuard(PagesServices services) : IDisposable
{
    public const string Cookie = "causeway_ops";
    public const string CsrfHeader = "X-Causeway-Csrf";
    public const string CsrfField = "csrf";

    private readonly RevokedSessions _revoked = new(services.Documents, services.Time);

    /// <summary>Bounds wrong tokens.</summary>
    public LoginThrottle Throttle { get; } = new();

    /// <summary>The login of a request; null if there is none.</summary>
    public async ValueTask<OperatorSession?> SessionOfAsync(HttpContext context)
    {
        OperatorSession? session = OperatorSession.Read(services.SessionKey.Span, context.Request.Cookies[Cookie], services.Time.GetUtcNow());
        return session is null || await _revoked.ContainsAsync(session.Id, context.RequestAborted).ConfigureAwait(false) ? null : session;
    }

    /// <summary>Begins a login and gives its cookie to the browser.</summary>
    public void Begin(HttpContext context)
    {
        (_, string cookie) = OperatorSession.Begin(services.SessionKey.Span, services.Time.GetUtcNow());
        context.Response.Cookies.Append(Cookie, cookie, Options(context));
    }

    /// <summary>Ends a login.</summary>
    public async Task EndAsync(HttpContext context, OperatorSession session)
    {
        context.Response.Cookies.Delete(Cookie, Options(context));
        await _revoked.AddAsync(session, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>What the page of <paramref name="session"/> has to send with each change.</summary>
    public string CsrfToken(OperatorSession session) => session.CsrfToken(services.SessionKey.Span);

    /// <summary>True if a request with <paramref name="token"/> was sent by a page of this login.</summary>
    public bool IsOwnRequest(HttpContext context, OperatorSession session, string? token) =>
        IsSameOrigin(context.Request) && session.IsCsrfToken(services.SessionKey.Span, token);

    /// <summary>False if the browser says that a page of somebody else sent the request.</summary>
    public static bool IsSameOrigin(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        string origin = request.Headers.Origin.ToString();
        // The host alone is compared: behind a proxy that ends TLS the scheme differs.
        return site is "" or "same-origin" or "none"
            && (origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.Authority == request.Host.Value));
    }

    public void Dispose() => _revoked.Dispose();

    private static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/ops",
        MaxAge = PagesLimits.MaxSessionAge,
        IsEssential = true,
    };
}

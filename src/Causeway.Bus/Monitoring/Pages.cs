using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Causeway.Bus.Nodes;
using Microsoft.AspNetCore.Http;

namespace Causeway.Bus.Monitoring;

/// <summary>Finds the page that a request wants, and answers with JSON as nats-server does, or with one line that says what was wrong.</summary>
internal sealed class Pages
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    private readonly BusNode _node;
    private readonly NodePages _pages;
    private readonly HealthPage _health;
    private readonly Dictionary<string, long[]> _requests = new(StringComparer.Ordinal);

    public Pages(BusNode node)
    {
        _node = node;
        _health = new HealthPage(node);
        _pages = new NodePages(node, () => _requests.Select(request => KeyValuePair.Create(request.Key, Volatile.Read(ref request.Value[0]))));
        foreach (string path in Paths().Append("/"))
        {
            _requests[path] = [0];
        }
    }

    public async Task ServeAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        context.Response.Headers.AccessControlAllowOrigin = "*";
        if (_requests.TryGetValue(path, out long[]? count))
        {
            Interlocked.Increment(ref count[0]);
        }

        if (path == "/memz/budget" && HttpMethods.IsPut(context.Request.Method))
        {
            await SetBudgetAsync(context).ConfigureAwait(false);
        }
        else if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, $"{context.Request.Method} {path} is not accepted; pages are read with GET, and PUT /memz/budget sets the memory budget").ConfigureAwait(false);
        }
        else if (path == "/healthz")
        {
            await ServeHealthAsync(context).ConfigureAwait(false);
        }
        else if (path == "/readyz")
        {
            await _health.ServeReadinessAsync(context).ConfigureAwait(false);
        }
        else if (path == "/")
        {
            await IndexPage.WriteAsync(context, Paths()).ConfigureAwait(false);
        }
        else if (_pages.Find(path) is { } write)
        {
            await WriteAsync(context, write).ConfigureAwait(false);
        }
        else
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, $"no page '{path}'; there are {string.Join(' ', Paths())}").ConfigureAwait(false);
        }
    }

    /// <summary>Answers <c>/healthz</c>. What nats-server is asked about JetStream, which is not here, changes nothing.</summary>
    private async Task ServeHealthAsync(HttpContext context)
    {
        PageQuery query = new(context.Request.Query);
        try
        {
            _ = query.Boolean("js-enabled") | query.Boolean("js-enabled-only") | query.Boolean("js-server-only");
            await _health.ServeLivenessAsync(context, PageCallback.Of(query)).ConfigureAwait(false);
        }
        catch (PageQueryException fault)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, fault.Message).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(HttpContext context, PageWriter write)
    {
        PageQuery query = new(context.Request.Query);
        using MemoryStream page = new();
        try
        {
            string? callback = PageCallback.Of(query);
            page.Write(callback is null ? [] : Encoding.UTF8.GetBytes(callback + "("));
            using (Utf8JsonWriter json = new(page, Indented))
            {
                await write(json, query).ConfigureAwait(false);
            }

            page.Write(callback is null ? default : ")"u8);
            context.Response.ContentType = PageCallback.ContentType(callback);
        }
        catch (PageQueryException fault)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, fault.Message).ConfigureAwait(false);
            return;
        }
        catch (TimeoutException fault)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, fault.Message).ConfigureAwait(false);
            return;
        }

        context.Response.ContentLength = page.Length;
        page.Position = 0;
        await page.CopyToAsync(context.Response.Body).ConfigureAwait(false);
    }

    private static async Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(why + "\n").ConfigureAwait(false);
    }

    /// <summary>
    /// Changes the budget. There is no authentication here, so only a caller on the same machine may, and only one that named the
    /// machine itself: a web page that found its way here through a name of its own can't.
    /// </summary>
    private async Task SetBudgetAsync(HttpContext context)
    {
        bool local = context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from);
        string host = context.Request.Host.Host;
        if (!local || !(host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? named) && IPAddress.IsLoopback(named))))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "the memory budget is set only from the node's own machine, over a loopback address").ConfigureAwait(false);
            return;
        }

        using StreamReader reader = new(context.Request.Body);
        string text = (await reader.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false)).Trim();
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) || bytes < BusNode.LeastMemoryLimitBytes)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $"'{text}' is no memory budget; accepted is a number of bytes from {BusNode.LeastMemoryLimitBytes} up").ConfigureAwait(false);
            return;
        }

        _node.SetMemoryLimit(bytes);
        await WriteAsync(context, _pages.Find("/memz")!).ConfigureAwait(false);
    }

    private IEnumerable<string> Paths() => _pages.Paths.Concat(["/healthz", "/readyz", "/metrics"]).Order();
}

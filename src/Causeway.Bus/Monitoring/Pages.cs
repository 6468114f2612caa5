using System.Globalization;
using System.Net;
using System.Text.Json;
using Causeway.Bus.Monitoring.Regions;
using Causeway.Bus.Nodes;
using Microsoft.AspNetCore.Http;

namespace Causeway.Bus.Monitoring;

/// <summary>Finds the page that a request wants, and answers with JSON as nats-server does, or with one line that says what was wrong.</summary>
internal sealed class Pages
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    private readonly BusNode _node;
    private readonly Dictionary<string, PageWriter> _pages;
    private readonly HealthPage _health;

    public Pages(BusNode node)
    {
        _node = node;
        _health = new HealthPage(node);
        VarzPage varz = new(node);
        SubszPage subsz = new(node);
        MeshView mesh = new(node);
        _pages = new Dictionary<string, PageWriter>(StringComparer.Ordinal)
        {
            ["/varz"] = AtOnce((json, _) => varz.Write(json)),
            ["/connz"] = AtOnce(new ConnzPage(node).Write),
            ["/subsz"] = AtOnce(subsz.Write),
            ["/subscriptionsz"] = AtOnce(subsz.Write),
            ["/memz"] = AtOnce(new MemzPage(node).Write),
            ["/alarmz"] = AtOnce(new AlarmzPage(node).Write),
            ["/linkz"] = new LinkzPage(node, mesh).WriteAsync,
            ["/interestz"] = new InterestzPage(node, mesh).WriteAsync,
            ["/regionz"] = new RegionzPage(node, mesh).WriteAsync,
            ["/explainz"] = new ExplainzPage(node, mesh).WriteAsync,
        };
    }

    private delegate Task PageWriter(Utf8JsonWriter json, PageQuery query);

    public async Task ServeAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        context.Response.Headers.AccessControlAllowOrigin = "*";
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
            await _health.ServeLivenessAsync(context).ConfigureAwait(false);
        }
        else if (path == "/readyz")
        {
            await _health.ServeReadinessAsync(context).ConfigureAwait(false);
        }
        else if (path == "/")
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync($"Causeway {NodeIdentity.SoftwareVersion}: {string.Join(' ', Paths())}\n").ConfigureAwait(false);
        }
        else if (_pages.TryGetValue(path, out PageWriter? write))
        {
            await WriteAsync(context, write).ConfigureAwait(false);
        }
        else
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, $"no page '{path}'; there are {string.Join(' ', Paths())}").ConfigureAwait(false);
        }
    }

    /// <summary>A page that needs to ask nobody.</summary>
    private static PageWriter AtOnce(Action<Utf8JsonWriter, PageQuery> write) => (json, query) =>
    {
        write(json, query);
        return Task.CompletedTask;
    };

    private static async Task WriteAsync(HttpContext context, PageWriter write)
    {
        using MemoryStream page = new();
        try
        {
            using Utf8JsonWriter json = new(page, Indented);
            await write(json, new PageQuery(context.Request.Query)).ConfigureAwait(false);
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

        context.Response.ContentType = "application/json";
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
        await WriteAsync(context, _pages["/memz"]).ConfigureAwait(false);
    }

    private IEnumerable<string> Paths() => _pages.Keys.Concat(["/healthz", "/readyz", "/metrics"]).Order();
}

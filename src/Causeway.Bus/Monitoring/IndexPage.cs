using System.Net;
using Causeway.Bus.Nodes;
using Microsoft.AspNetCore.Http;

namespace Causeway.Bus.Monitoring;

/// <summary><c>/</c>: which pages there are, with a link to each.</summary>
internal static class IndexPage
{
    public static Task WriteAsync(HttpContext context, IEnumerable<string> paths)
    {
        string links = string.Join('\n', paths.Select(path => $"<li><a href=\".{WebUtility.HtmlEncode(path)}\">{WebUtility.HtmlEncode(path)}</a></li>"));
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Causeway</title></head>
            <body>
            <h1>Causeway {WebUtility.HtmlEncode(NodeIdentity.SoftwareVersion)}</h1>
            <ul>
            {links}
            </ul>
            </body>
            </html>

            """);
    }
}

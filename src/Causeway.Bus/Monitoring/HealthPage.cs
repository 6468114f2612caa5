using Causeway.Bus.Nodes;
using Microsoft.AspNetCore.Http;

namespace Causeway.Bus.Monitoring;

/// <summary>
/// <c>/healthz</c>: whether the node does its work, by evidence: every event loop must take a task within a second. A node that is
/// leaving is not available for new clients. Short memory alone is no ill health: the node does what it then is to do.
/// </summary>
internal sealed class HealthPage(BusNode node)
{
    private static readonly TimeSpan LoopAnswerTimeout = TimeSpan.FromSeconds(1);

    public async Task ServeAsync(HttpContext context)
    {
        string? fault = node.IsLeaving ? "the node is leaving" : null;
        if (!await LoopsAnswerAsync().ConfigureAwait(false))
        {
            fault = $"an event loop did not answer within {LoopAnswerTimeout.TotalSeconds:0} s";
        }

        context.Response.ContentType = "application/json";
        context.Response.StatusCode = fault is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        string body = fault is null ? """{"status":"ok"}""" : $$"""{"status":"unavailable","error":"{{fault}}"}""";
        await context.Response.WriteAsync(body).ConfigureAwait(false);
    }

    private async Task<bool> LoopsAnswerAsync()
    {
        Task all = Task.WhenAll(node.Loops.Select(loop => loop.InvokeAsync(() => { })));
        return await Task.WhenAny(all, Task.Delay(LoopAnswerTimeout)).ConfigureAwait(false) == all;
    }
}

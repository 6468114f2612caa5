using Causeway.Bus.Nodes;
using Microsoft.AspNetCore.Http;

namespace Causeway.Bus.Monitoring;

internal sealed class Pages(BusNode node)
{
    public async Task ServeAsync(HttpContext context)
    {
        await context.Response.WriteAsync(node.Info.ServerId).ConfigureAwait(false);
    }
}

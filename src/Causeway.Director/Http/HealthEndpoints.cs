using Causeway.Core.Control;
using Causeway.Director.Registry;
using Causeway.Director.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Causeway.Director.Http;

/// <summary>
/// <c>/healthz</c>: 200 while the director looks at the deployment once a second. <c>/readyz</c>: 200 while it can give regions, with the
/// reasons for doubt; a director that is cut off from the bus or its store goes on and stays ready with what it knows.
/// </summary>
internal sealed class HealthEndpoints(DeploymentRegistry registry, BusFeed feed, IDirectorStore store, TimeProvider time)
{
    private static readonly TimeSpan MaxLookAge = TimeSpan.FromSeconds(10);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", Health);
        routes.MapGet("/readyz", Readiness);
    }

    /// <summary>What is doubtful, in words.</summary>
    public IReadOnlyList<string> Doubts()
    {
        List<string> doubts = [];
        if (feed.Problem is { Length: > 0 } bus)
        {
            doubts.Add("the bus can't be reached: " + bus);
        }

        if (registry.Snapshot.IsInDoubt)
        {
            doubts.Add($"no node was heard for {ReportLimits.NodeLostAfter.TotalSeconds:0} s; the last known order is given");
        }

        if (!store.State.IsWell)
        {
            doubts.Add("the store can't be reached, so that the director goes on from its memory: " + store.State.Problem);
        }

        return doubts;
    }

    private IResult Health()
    {
        TimeSpan age = time.GetUtcNow() - registry.Current.At;
        return age <= MaxLookAge ? Answer("ok", [], StatusCodes.Status200OK)
            : Answer("unavailable", [$"the director has not looked at the deployment for {age.TotalSeconds:0} s"], StatusCodes.Status503ServiceUnavailable);
    }

    private IResult Readiness()
    {
        IReadOnlyList<string> doubts = Doubts();
        return registry.Current.Regions.Count == 0 ? Answer("unavailable", ["no region is known yet", .. doubts], StatusCodes.Status503ServiceUnavailable)
            : registry.Snapshot.IsBeginning ? Answer("unavailable", ["the director has just begun to hear nodes; not all may be known", .. doubts], StatusCodes.Status503ServiceUnavailable)
            : Answer(doubts.Count == 0 ? "ok" : "doubtful", doubts, StatusCodes.Status200OK);
    }

    private static IResult Answer(string status, IReadOnlyList<string> reasons, int code) =>
        Results.Json(new HealthAnswer(status, reasons), AnswerJson.Default.HealthAnswer, statusCode: code);
}

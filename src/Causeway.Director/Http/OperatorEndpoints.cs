using System.Globalization;
using Causeway.Director.Control;
using Causeway.Director.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Causeway.Director.Http;

/// <summary>
/// What operators do over HTTP, with their token as a bearer token: <c>POST /drain/region/NAME?deadline_s=600&amp;stop_nodes=true</c>,
/// <c>DELETE /drain/region/NAME</c>, <c>POST /drain/node/REGION/NAME</c>, <c>POST /memory-limit/REGION/NAME?bytes=N</c>.
/// </summary>
internal sealed class OperatorEndpoints(DirectorOptions options, DirectorActions actions)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder operators = routes.MapGroup("").RequireRateLimiting(RequestRates.Operators);
        operators.AddEndpointFilter(CheckAsync);
        operators.MapPost("/drain/region/{region}", DrainRegionAsync);
        operators.MapDelete("/drain/region/{region}", async (string region, CancellationToken cancel) => Answer(await actions.UndrainRegionAsync(region, cancel).ConfigureAwait(false)));
        operators.MapPost("/drain/node/{region}/{node}", async (string region, string node, CancellationToken cancel) => Answer(await actions.DrainNodeAsync(region, node, cancel).ConfigureAwait(false)));
        operators.MapPost("/memory-limit/{region}/{node}", SetMemoryLimitAsync);
    }

    private ValueTask<object?> CheckAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        HttpContext context = call.HttpContext;
        if (!options.Access.IsConfigured)
        {
            return ValueTask.FromResult<object?>(Refusal("this director has no operators' token, so that it takes no actions; start it with --operator-token-file", StatusCodes.Status403Forbidden));
        }

        if (!options.Access.IsOperatorHeader(context.Request.Headers.Authorization))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return ValueTask.FromResult<object?>(Refusal("the operators' token is missing or wrong; accepted is 'Authorization: Bearer TOKEN'", StatusCodes.Status401Unauthorized));
        }

        return next(call);
    }

    private async Task<IResult> DrainRegionAsync(string region, HttpContext context)
    {
        string deadlineText = context.Request.Query["deadline_s"].ToString();
        string stopText = context.Request.Query["stop_nodes"].ToString();
        TimeSpan deadline = DirectorActions.DefaultDeadline;
        if (deadlineText.Length > 0)
        {
            if (!double.TryParse(deadlineText, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) || !(seconds > 0 && seconds <= DirectorActions.MaxDeadline.TotalSeconds))
            {
                return Refusal($"deadline_s '{deadlineText}' is no deadline; accepted are more than 0 to {DirectorActions.MaxDeadline.TotalSeconds:0} seconds", StatusCodes.Status400BadRequest);
            }

            deadline = TimeSpan.FromSeconds(seconds);
        }

        if (stopText is not ("" or "true" or "false"))
        {
            return Refusal($"stop_nodes '{stopText}' can't be read; accepted is true or false", StatusCodes.Status400BadRequest);
        }

        return Answer(await actions.DrainRegionAsync(region, deadline, stopText == "true", context.RequestAborted).ConfigureAwait(false));
    }

    private async Task<IResult> SetMemoryLimitAsync(string region, string node, HttpContext context)
    {
        string text = context.Request.Query["bytes"].ToString();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) && bytes > 0
            ? Answer(await actions.SetMemoryLimitAsync(region, node, bytes, context.RequestAborted).ConfigureAwait(false))
            : Refusal($"bytes '{text}' is no memory limit; accepted is a number above 0", StatusCodes.Status400BadRequest);
    }

    private static IResult Answer(ActionOutcome outcome) => Refusal(outcome.Problem, outcome.IsDone ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);

    private static IResult Refusal(string problem, int status) => Results.Json(new ActionAnswer(problem), AnswerJson.Default.ActionAnswer, statusCode: status);
}

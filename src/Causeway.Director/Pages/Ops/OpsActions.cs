using System.Text.Json;
using Causeway.Director.Registry;
using Causeway.Director.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Causeway.Director.Pages.Ops;

/// <summary>What an operator does by the page's buttons. Who calls has been checked. Thread-safe.</summary>
internal sealed partial class OpsActions(PagesServices services, StatusPublisher status, EventLog events)
{
    private const string Malformed = "the request is not a JSON object with the action's fields";

    /// <summary>Does one action by name; answers with <c>{"problem": ...}</c>, empty if it is done, or begun.</summary>
    public async Task<IResult> DoAsync(string action, HttpContext context)
    {
        if (await ReadAsync(context).ConfigureAwait(false) is not { } request)
        {
            return Answer(Malformed, StatusCodes.Status400BadRequest);
        }

        if (Known(action, request) is { Length: > 0 } unknown)
        {
            return Answer(unknown, StatusCodes.Status400BadRequest);
        }

        using CancellationTokenSource late = new(PagesLimits.ActionTimeout, services.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        string problem;
        try
        {
            problem = await DoAsync(action, request, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            problem = $"no answer within {PagesLimits.ActionTimeout.TotalSeconds:0} s; it may still happen";
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogFailed(services.Logger, action, failure);
            problem = "it failed: " + failure.Message;
        }

        string text = Describe(action, request);
        LogDone(services.Logger, text, problem.Length == 0 ? "done" : problem);
        events.Add(services.Time.GetUtcNow(), OpsEventKind.Operator, problem.Length == 0 ? $"Operator: {text}" : $"Operator: {text} – not done: {problem}");
        return Answer(problem, problem.Length == 0 ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
    }

    private async Task<string> DoAsync(string action, ActionRequest request, CancellationToken cancel) => action switch
    {
        "drain-region" => (await services.Actions.DrainRegionAsync(request.Region, cancel).ConfigureAwait(false)).Problem,
        "undrain-region" => (await services.Actions.UndrainRegionAsync(request.Region, cancel).ConfigureAwait(false)).Problem,
        "drain-node" => (await services.Actions.DrainNodeAsync(request.Region, request.Node, cancel).ConfigureAwait(false)).Problem,
        "memory-limit" => (await services.Actions.SetMemoryLimitAsync(request.Region, request.Node, request.Bytes, cancel).ConfigureAwait(false)).Problem,
        "annotate" => await status.AnnotateAsync(request.Incident, request.Text, cancel).ConfigureAwait(false),
        "retire-region" => await status.RetireAsync(request.Region, cancel).ConfigureAwait(false),
        "start-drill" => (await services.Drills!.StartAsync(request.Name, cancel).ConfigureAwait(false)).Problem,
        _ => (await services.Drills!.StopAsync(cancel).ConfigureAwait(false)).Problem,
    };

    /// <summary>What is wrong with a request before anything is done.</summary>
    private string Known(string action, ActionRequest request)
    {
        DeploymentView view = services.Source.Current;
        return action switch
        {
            "drain-region" or "undrain-region" when view.Regions.All(region => region.Name != request.Region) =>
                $"there is no region '{request.Region}'; known are {string.Join(", ", view.Regions.Select(region => region.Name))}",
            "drain-node" or "memory-limit" when view.Nodes.All(node => node.Report.Region != request.Region || node.Report.Node != request.Node) =>
                $"there is no node '{request.Node}' in region '{request.Region}'",
            "memory-limit" when request.Bytes <= 0 => $"the memory limit is {request.Bytes} bytes, accepted is a number above 0",
            "start-drill" or "stop-drill" when services.Drills is null => "drills can't be started from this director",
            "drain-region" or "undrain-region" or "drain-node" or "memory-limit" or "annotate" or "retire-region" or "start-drill" or "stop-drill" => "",
            _ => $"there is no action '{action}'",
        };
    }

    private static string Describe(string action, ActionRequest request) => action switch
    {
        "drain-region" => $"drain region {request.Region}",
        "undrain-region" => $"end the drain of region {request.Region}",
        "drain-node" => $"drain node {request.Region}/{request.Node}",
        "memory-limit" => $"set the memory budget of {request.Region}/{request.Node} to {request.Bytes >> 20} MiB",
        "annotate" => $"annotate incident {request.Incident}",
        "retire-region" => $"take region {request.Region} off the status page",
        "start-drill" => $"start drill {request.Name}",
        _ => "stop the drill",
    };

    private static async Task<ActionRequest?> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = PagesLimits.MaxBodyBytes;
        }

        if (!context.Request.HasJsonContentType())
        {
            return null;
        }

        try
        {
            return await JsonSerializer.DeserializeAsync<ActionRequest>(context.Request.Body, OpsFrame.Format, context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is JsonException or BadHttpRequestException or InvalidOperationException)
        {
            return null;
        }
    }

    private static IResult Answer(string problem, int code) => Results.Json(new { problem }, OpsFrame.Format, statusCode: code);

    [LoggerMessage(216, LogLevel.Information, "Operator: {Action}: {Outcome}")]
    private static partial void LogDone(ILogger logger, string action, string outcome);

    [LoggerMessage(217, LogLevel.Error, "The action {Action} failed")]
    private static partial void LogFailed(ILogger logger, string action, Exception failure);
}

/// <summary>The fields of all actions; each has some of them.</summary>
internal sealed record ActionRequest
{
    public string Region { get => field ?? ""; init; } = "";

    public string Node { get => field ?? ""; init; } = "";

    public long Bytes { get; init; }

    public string Incident { get => field ?? ""; init; } = "";

    public string Text { get => field ?? ""; init; } = "";

    public string Name { get => field ?? ""; init; } = "";
}

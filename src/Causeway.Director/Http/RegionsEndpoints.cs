using System.Globalization;
using Causeway.Director.Admission;
using Causeway.Director.Regions;
using Causeway.Director.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Causeway.Director.Http;

/// <summary><c>GET /regions</c> and <c>GET /settings/regions</c>: where a client is to be.</summary>
internal sealed class RegionsEndpoints(DirectorOptions options, DeploymentRegistry registry, Admitter admitter, NodeSpread spread)
{
    private readonly long _began = options.Time.GetTimestamp();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/regions", (Delegate)GetAsync);
        routes.MapGet("/settings/regions", (Delegate)Settings);
        routes.MapMethods("/settings/regions", [HttpMethods.Options], (Delegate)Preflight);
    }

    private async Task<IResult> GetAsync(HttpContext context)
    {
        if (RegionsQuery.Read(context.Request, options.Geography, out string problem) is not { } query)
        {
            return Results.Json(new ActionAnswer(problem), AnswerJson.Default.ActionAnswer, statusCode: StatusCodes.Status400BadRequest);
        }

        DirectorSnapshot snapshot = registry.Snapshot;
        IReadOnlyList<Candidate> order = RegionOrder.Sort(snapshot.View, options.Geography, query.Position);
        Decision decision = query.IsPeek && !snapshot.IsBeginning ? new Decision(Advice.None, "", AdmissionLimits.PollInterval, "") : await admitter.DecideAsync(query.Client, query.Current, order, snapshot, context.RequestAborted).ConfigureAwait(false);
        TimeSpan now = options.Time.GetElapsedTime(_began);
        if (decision.Advice == Advice.Stay)
        {
            spread.Settle(query.Client, now);
        }

        bool waits = decision.Advice == Advice.Wait;
        int ask = Math.Max(1, (int)Math.Ceiling(decision.AskAgainAfter.TotalMilliseconds * (1 + (AdmissionLimits.JitterShare * Random.Shared.NextDouble()))));
        RegionsAnswer answer = new()
        {
            Client = query.Client,
            Decision = decision.Advice.ToString().ToLowerInvariant(),
            Region = decision.Region,
            Reason = decision.Reason,
            GrantMs = decision.Advice is Advice.Connect or Advice.Move ? (int)AdmissionLimits.GrantLease.TotalMilliseconds : 0,
            RetryAfterMs = waits ? ask : 0,
            PollAfterMs = waits ? 0 : ask,
            InDoubt = snapshot.IsInDoubt,
            Regions = [.. order.Select(candidate => Row(candidate, Addresses(candidate, query.Client, decision, now)))],
        };
        context.Response.Headers.CacheControl = "no-store";
        if (waits)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(ask / 1000.0).ToString(CultureInfo.InvariantCulture);
        }

        return Results.Json(answer, AnswerJson.Default.RegionsAnswer, statusCode: waits && !query.IsPeek ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    /// <summary>
    /// Clients of media have no name and follow no advice: they get the regions that take clients and have room, in order. A region without
    /// a URL for media is none to them: an empty list has them keep to the URL that they know.
    /// </summary>
    private IResult Settings(HttpContext context)
    {
        ClientPosition position = new() { Network = options.Geography.NetworkOf(context.Connection.RemoteIpAddress) };
        RegionSetting[] regions =
        [
            .. RegionOrder.Sort(registry.Current, options.Geography, position)
                .Where(candidate => candidate is { IsOpen: true, View.Room: > 0 } && options.MediaUrls.ContainsKey(candidate.View.Name))
                .Select(candidate => new RegionSetting(
                    candidate.View.Name,
                    options.MediaUrls[candidate.View.Name],
                    ((long)((candidate.Nearness.Kilometres ?? 0) * 1000)).ToString(CultureInfo.InvariantCulture))),
        ];

        AllowOtherOrigins(context);
        context.Response.Headers.CacheControl = $"max-age={HttpLimits.SettingsMaxAge.TotalSeconds:0}";
        return Results.Json(new RegionSettings(regions), AnswerJson.Default.RegionSettings);
    }

    /// <summary>Browsers ask first whether the request may carry the client's token.</summary>
    private static IResult Preflight(HttpContext context)
    {
        AllowOtherOrigins(context);
        context.Response.Headers.AccessControlAllowHeaders = "authorization";
        context.Response.Headers.AccessControlAllowMethods = HttpMethods.Get;
        context.Response.Headers.AccessControlMaxAge = HttpLimits.PreflightMaxAge.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        return Results.NoContent();
    }

    /// <summary>Browsers ask from pages of other hosts. What is told is no secret, and the token is not looked at.</summary>
    private static void AllowOtherOrigins(HttpContext context) => context.Response.Headers.AccessControlAllowOrigin = "*";

    private IReadOnlyList<string> Addresses(Candidate candidate, string client, Decision decision, TimeSpan now) =>
        decision.Advice is Advice.Connect or Advice.Move && decision.Region == candidate.View.Name
            ? spread.Send(client, candidate.Nodes, RegionOrder.MaxAddresses, now)
            : spread.Mix(candidate.Nodes, RegionOrder.MaxAddresses);

    private static RegionRow Row(Candidate candidate, IReadOnlyList<string> addresses) => new()
    {
        Name = candidate.View.Name,
        State = candidate.View.Health.ToString().ToLowerInvariant(),
        Draining = candidate.View.IsDraining,
        RttMs = candidate.Nearness.Milliseconds is { } milliseconds ? Math.Round(milliseconds, 1) : null,
        DistanceKm = candidate.Nearness.Kilometres is { } kilometres ? Math.Round(kilometres) : null,
        Urls = [.. addresses.Select(address => "nats://" + address)],
        Room = candidate.View.Room,
    };
}

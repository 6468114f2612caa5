using System.Globalization;
using Causeway.Director.Admission;
using Causeway.Director.Registry;
using Causeway.Director.Regions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Causeway.Director.Http;

/// <summary><c>GET /regions</c> and <c>GET /settings/regions</c>: where a client is to be.</summary>
internal sealed class RegionsEndpoints(DirectorOptions options, DeploymentRegistry registry, Admitter admitter)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/regions", (Delegate)GetAsync);
        routes.MapGet("/settings/regions", (Delegate)Settings);
    }

    private async Task<IResult> GetAsync(HttpContext context)
    {
        if (RegionsQuery.Read(context.Request, options.Geography, out string problem) is not { } query)
        {
            return Results.Json(new ActionAnswer(problem), AnswerJson.Default.ActionAnswer, statusCode: StatusCodes.Status400BadRequest);
        }

        DirectorSnapshot snapshot = registry.Snapshot;
        IReadOnlyList<Candidate> order = RegionOrder.Sort(snapshot.View, options.Geography, query.Position);
        Decision decision = query.IsPeek ? new Decision(Advice.None, "", AdmissionLimits.PollInterval, "") : await admitter.DecideAsync(query.Client, query.Current, order, snapshot, context.RequestAborted).ConfigureAwait(false);
        bool waits = decision.Advice == Advice.Wait;
        int ask = (int)(decision.AskAgainAfter.TotalMilliseconds * (1 + (AdmissionLimits.JitterShare * Random.Shared.NextDouble())));
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
            Regions = [.. order.Select(Row)],
        };
        context.Response.Headers.CacheControl = "no-store";
        if (waits)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(ask / 1000.0).ToString(CultureInfo.InvariantCulture);
        }

        return Results.Json(answer, AnswerJson.Default.RegionsAnswer, statusCode: waits ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    /// <summary>Clients of media have no name and follow no advice: they get the regions that take clients and have room, in order.</summary>
    private IResult Settings(HttpContext context)
    {
        ClientPosition position = new() { Network = options.Geography.NetworkOf(context.Connection.RemoteIpAddress) };
        RegionSetting[] regions =
        [
            .. RegionOrder.Sort(registry.Current, options.Geography, position)
                .Where(candidate => candidate is { IsOpen: true, View.Room: > 0 })
                .Select(candidate => new RegionSetting(
                    candidate.View.Name,
                    options.MediaUrls.GetValueOrDefault(candidate.View.Name) ?? "nats://" + candidate.Addresses[0],
                    ((long)((candidate.Nearness.Kilometres ?? 0) * 1000)).ToString(CultureInfo.InvariantCulture))),
        ];

        // Browsers ask from pages of other hosts.
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.CacheControl = $"max-age={HttpLimits.SettingsMaxAge.TotalSeconds:0}";
        return Results.Json(new RegionSettings(regions), AnswerJson.Default.RegionSettings);
    }

    private static RegionRow Row(Candidate candidate) => new()
    {
        Name = candidate.View.Name,
        State = candidate.View.Health.ToString().ToLowerInvariant(),
        Draining = candidate.View.IsDraining,
        RttMs = candidate.Nearness.Milliseconds is { } milliseconds ? Math.Round(milliseconds, 1) : null,
        DistanceKm = candidate.Nearness.Kilometres is { } kilometres ? Math.Round(kilometres) : null,
        Urls = [.. candidate.Addresses.Select(address => "nats://" + address)],
        Room = candidate.View.Room,
    };
}

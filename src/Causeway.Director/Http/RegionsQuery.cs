using System.Globalization;
using Causeway.Director.Regions;
using Microsoft.AspNetCore.Http;

namespace Causeway.Director.Http;

/// <summary>The parameters of <c>GET /regions</c>. Immutable.</summary>
internal sealed record RegionsQuery
{
    private const string RoundTripPrefix = "rtt.";
    private const string Accepted = "accepted are client, current, peek, lat with lon, and rtt.REGION";

    public required string Client { get; init; }

    public required string? Current { get; init; }

    /// <summary>True to be told the regions only, without asking for a place.</summary>
    public required bool IsPeek { get; init; }

    public required ClientPosition Position { get; init; }

    /// <summary>Reads the parameters; <paramref name="problem"/> says what is wrong, in one line, empty if nothing is.</summary>
    public static RegionsQuery? Read(HttpRequest request, Geography geography, out string problem)
    {
        IQueryCollection query = request.Query;
        problem = query.Count > HttpLimits.MaxParameters ? $"there are {query.Count} parameters; accepted are {HttpLimits.MaxParameters}" : "";
        string client = query["client"].ToString();
        string current = query["current"].ToString();
        if (client.Length > HttpLimits.MaxClientCharacters || client.Any(char.IsControl) || current.Length > HttpLimits.MaxClientCharacters)
        {
            problem = $"client or current is too long; accepted are {HttpLimits.MaxClientCharacters} characters";
        }

        GeoPoint place = default;
        bool hasPlace = query.ContainsKey("lat") || query.ContainsKey("lon");
        if (hasPlace && !GeoPoint.TryCreate(query["lat"], query["lon"], out place))
        {
            problem = $"lat '{query["lat"]}' and lon '{query["lon"]}' are no place; accepted are -90 to 90 and -180 to 180 degrees";
        }

        Dictionary<string, double> roundTrips = new(StringComparer.Ordinal);
        foreach (string name in query.Keys.Where(name => name is not ("client" or "current" or "peek" or "lat" or "lon")))
        {
            problem = problem.Length > 0 ? problem : AddRoundTrip(roundTrips, name, query[name].ToString());
        }

        if (problem.Length > 0)
        {
            return null;
        }

        return new RegionsQuery
        {
            // Who gives no name is somebody else each time.
            Client = client.Length > 0 ? client : Guid.NewGuid().ToString("N"),
            Current = current.Length > 0 ? current : null,
            IsPeek = query["peek"].ToString() == "true",
            Position = new ClientPosition
            {
                RoundTrips = roundTrips,
                Place = hasPlace ? place : null,
                Network = geography.NetworkOf(request.HttpContext.Connection.RemoteIpAddress),
            },
        };
    }

    private static string AddRoundTrip(Dictionary<string, double> roundTrips, string name, string text)
    {
        if (!name.StartsWith(RoundTripPrefix, StringComparison.Ordinal))
        {
            return $"there is no parameter '{name}'; {Accepted}";
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double milliseconds) || !(milliseconds >= 0 && milliseconds <= HttpLimits.MaxRoundTripMilliseconds))
        {
            return $"{name} '{text}' is no round trip; accepted are milliseconds from 0 to {HttpLimits.MaxRoundTripMilliseconds}";
        }

        if (roundTrips.Count >= HttpLimits.MaxRoundTrips)
        {
            return $"there are more than {HttpLimits.MaxRoundTrips} round trips";
        }

        roundTrips[name[RoundTripPrefix.Length..]] = milliseconds;
        return "";
    }
}

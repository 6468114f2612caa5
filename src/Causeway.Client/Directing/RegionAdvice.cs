using System.Text.Json.Serialization;

namespace Causeway.Client.Directing;

/// <summary>What a director says; see docs/director.md. What it lacks is null or 0.</summary>
internal sealed record RegionAdvice
{
    public string? Decision { get; init; }

    public string? Region { get; init; }

    public string? Reason { get; init; }

    public int RetryAfterMs { get; init; }

    public int PollAfterMs { get; init; }

    public IReadOnlyList<AdvisedRegion?>? Regions { get; init; }

    /// <summary>The regions that have a name which a director could take.</summary>
    public IEnumerable<AdvisedRegion> Usable => (Regions ?? []).OfType<AdvisedRegion>().Where(region => region.Name is { Length: > 0 and <= ClientLimits.RegionNameCharactersMax });

    /// <summary>The servers of a region, up to the limit; what can't be read as an address is left out.</summary>
    public IReadOnlyList<ServerAddress> Servers(string? region)
    {
        List<ServerAddress> servers = [];
        foreach (string? url in Usable.FirstOrDefault(known => known.Name == region)?.Urls ?? [])
        {
            if (url is not null && servers.Count < ClientLimits.ServersMax && ServerAddress.TryParse(url, out ServerAddress? server, out _))
            {
                servers.Add(server);
            }
        }

        return servers;
    }
}

/// <summary>A region that a director tells of.</summary>
internal sealed record AdvisedRegion
{
    public string? Name { get; init; }

    public string? State { get; init; }

    public IReadOnlyList<string?>? Urls { get; init; }
}

/// <summary>How directors write.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RegionAdvice))]
internal sealed partial class AdviceJson : JsonSerializerContext;

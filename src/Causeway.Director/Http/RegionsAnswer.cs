using System.Text.Json.Serialization;

namespace Causeway.Director.Http;

/// <summary>The answer of <c>GET /regions</c>. Immutable.</summary>
public sealed record RegionsAnswer
{
    /// <summary>The client, by the name that it gave, or was given.</summary>
    public required string Client { get; init; }

    /// <summary>What it is to do: <c>connect</c>, <c>stay</c>, <c>move</c>, <c>wait</c>, or <c>none</c> if it only asked which regions there are.</summary>
    public required string Decision { get; init; }

    /// <summary>The region that it is to be in, or waits for; empty if none.</summary>
    public required string Region { get; init; }

    /// <summary>Why, in one line; empty if there is nothing to say.</summary>
    public required string Reason { get; init; }

    /// <summary>For <c>connect</c> and <c>move</c>: time in which to connect, in milliseconds; else 0.</summary>
    public required int GrantMs { get; init; }

    /// <summary>For <c>wait</c>: when to ask again, in milliseconds, with jitter; else 0.</summary>
    public required int RetryAfterMs { get; init; }

    /// <summary>Else: when to ask again, in milliseconds, with jitter.</summary>
    public required int PollAfterMs { get; init; }

    /// <summary>True if the director is cut off from the bus and knows only what was before.</summary>
    public required bool InDoubt { get; init; }

    /// <summary>All regions, in the order in which the client should use them; the alternatives.</summary>
    public required IReadOnlyList<RegionRow> Regions { get; init; }
}

/// <summary>A region for a client. Immutable.</summary>
public sealed record RegionRow
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>healthy</c>, <c>degraded</c> or <c>down</c>.</summary>
    public required string State { get; init; }

    /// <summary>True while it is drained.</summary>
    public required bool Draining { get; init; }

    /// <summary>The round trip, measured or reckoned, in milliseconds; absent if unknown.</summary>
    public double? RttMs { get; init; }

    /// <summary>The distance in kilometres; absent if unknown.</summary>
    public double? DistanceKm { get; init; }

    /// <summary>Where to connect, as <c>nats://host:port</c>, the emptiest node first.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Clients that it has room for, grants not reckoned.</summary>
    public required int Room { get; init; }
}

/// <summary>How LiveKit clients read regions: the JSON form of <c>livekit.RegionSettings</c>. Immutable.</summary>
/// <param name="Regions">The regions, the nearest first.</param>
public sealed record RegionSettings(IReadOnlyList<RegionSetting> Regions);

/// <summary>One of them. Immutable.</summary>
/// <param name="Region">Its name.</param>
/// <param name="Url">Where to connect.</param>
/// <param name="Distance">The distance in metres, as text: protobuf's JSON writes 64-bit numbers so.</param>
public sealed record RegionSetting(string Region, string Url, string Distance);

/// <summary>What an operator's action came to. Immutable.</summary>
/// <param name="Problem">Why it was not done; empty if it is done, or begun.</param>
public sealed record ActionAnswer(string Problem);

/// <summary>What <c>/healthz</c> and <c>/readyz</c> say. Immutable.</summary>
/// <param name="Status"><c>ok</c>, <c>doubtful</c> or <c>unavailable</c>.</param>
/// <param name="Reasons">Why, in words.</param>
public sealed record HealthAnswer(string Status, IReadOnlyList<string> Reasons);

/// <summary>How answers are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RegionsAnswer))]
[JsonSerializable(typeof(RegionSettings))]
[JsonSerializable(typeof(ActionAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext;

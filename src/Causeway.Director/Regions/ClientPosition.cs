namespace Causeway.Director.Regions;

/// <summary>What is known of where a client is. Immutable.</summary>
public sealed record ClientPosition
{
    /// <summary>A client of which nothing is known.</summary>
    public static readonly ClientPosition Unknown = new();

    /// <summary>Round trips that the client measured to regions, in milliseconds.</summary>
    public IReadOnlyDictionary<string, double> RoundTrips { get; init; } = new Dictionary<string, double>();

    /// <summary>Where it says that it is.</summary>
    public GeoPoint? Place { get; init; }

    /// <summary>The region that its network belongs to, by configuration.</summary>
    public string? Network { get; init; }
}

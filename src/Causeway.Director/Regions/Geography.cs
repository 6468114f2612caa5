using System.Net;

namespace Causeway.Director.Regions;

/// <summary>Where regions are and which networks are near them, as configured. Immutable.</summary>
public sealed record Geography
{
    // A round trip over a great circle in fibre, at two thirds of light's speed, is 1 ms for 100 km; real ways are half as long again.
    private const double KilometresPerMillisecond = 66;

    /// <summary>Nothing configured.</summary>
    public static readonly Geography None = new();

    /// <summary>Regions with their places, in the order of configuration, which is the order where nothing else is known.</summary>
    public IReadOnlyList<(string Region, GeoPoint Place)> Places { get; init; } = [];

    /// <summary>Networks and the regions near them; the longest prefix that fits counts.</summary>
    public IReadOnlyList<(IPNetwork Network, string Region)> Networks { get; init; } = [];

    /// <summary>The region to whose networks <paramref name="address"/> belongs; null if none.</summary>
    public string? NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return null;
        }

        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Networks.Where(entry => entry.Network.BaseAddress.AddressFamily == plain.AddressFamily && entry.Network.Contains(plain))
            .OrderByDescending(entry => entry.Network.PrefixLength).Select(entry => entry.Region).FirstOrDefault();
    }

    /// <summary>How far <paramref name="region"/> is from a client, if that can be known.</summary>
    public Nearness Of(string region, ClientPosition client)
    {
        GeoPoint? from = client.Place ?? PlaceOf(client.Network);
        double? kilometres = from is { } start && PlaceOf(region) is { } end ? start.DistanceTo(end) : null;
        double? milliseconds = client.RoundTrips.TryGetValue(region, out double measured) ? measured
            : region == client.Network ? 0
            : kilometres / KilometresPerMillisecond;
        return new Nearness(milliseconds, kilometres);
    }

    /// <summary>The place of <paramref name="region"/> in the order of configuration; those that are not configured come last.</summary>
    public int OrderOf(string region)
    {
        for (int i = 0; i < Places.Count; i++)
        {
            if (Places[i].Region == region)
            {
                return i;
            }
        }

        return int.MaxValue;
    }

    private GeoPoint? PlaceOf(string? region)
    {
        int order = region is null ? int.MaxValue : OrderOf(region);
        return order == int.MaxValue ? null : Places[order].Place;
    }
}

/// <summary>How far a region is. Immutable.</summary>
/// <param name="Milliseconds">The round trip, measured or reckoned from the distance; null if unknown.</param>
/// <param name="Kilometres">The distance; null if unknown.</param>
public readonly record struct Nearness(double? Milliseconds, double? Kilometres);

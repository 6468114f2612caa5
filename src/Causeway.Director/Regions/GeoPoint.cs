using System.Globalization;

namespace Causeway.Director.Regions;

/// <summary>A place on earth, in degrees. Immutable.</summary>
/// <param name="Latitude">North of the equator, -90 to 90.</param>
/// <param name="Longitude">East of Greenwich, -180 to 180.</param>
public readonly record struct GeoPoint(double Latitude, double Longitude)
{
    private const double EarthRadiusKilometres = 6371;

    /// <summary>Reads <c>39.0,-77.5</c>.</summary>
    public static bool TryParse(string? text, out GeoPoint point)
    {
        point = default;
        string[] parts = text?.Split(',') ?? [];
        return parts.Length == 2 && TryCreate(parts[0], parts[1], out point);
    }

    /// <summary>Reads both numbers.</summary>
    public static bool TryCreate(string? latitude, string? longitude, out GeoPoint point)
    {
        bool isRead = double.TryParse(latitude, NumberStyles.Float, CultureInfo.InvariantCulture, out double north)
            & double.TryParse(longitude, NumberStyles.Float, CultureInfo.InvariantCulture, out double east);
        point = new GeoPoint(north, east);
        return isRead && Math.Abs(north) <= 90 && Math.Abs(east) <= 180;
    }

    /// <summary>The great-circle distance in kilometres.</summary>
    public double DistanceTo(GeoPoint other)
    {
        double north = Radians(other.Latitude - Latitude) / 2;
        double east = Radians(other.Longitude - Longitude) / 2;
        double chord = Square(Math.Sin(north)) + (Math.Cos(Radians(Latitude)) * Math.Cos(Radians(other.Latitude)) * Square(Math.Sin(east)));
        return 2 * EarthRadiusKilometres * Math.Asin(Math.Min(1, Math.Sqrt(chord)));
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;

    private static double Square(double value) => value * value;
}

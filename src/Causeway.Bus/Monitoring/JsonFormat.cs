using System.Globalization;
using System.Text.Json;

namespace Causeway.Bus.Monitoring;

/// <summary>The forms that nats-server's monitoring has for times.</summary>
internal static class JsonFormat
{
    public static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>As nats-server writes it: <c>1y2d3h4m5s</c>, from the largest unit that is not zero.</summary>
    public static string Uptime(TimeSpan time)
    {
        int years = time.Days / 365;
        (int Value, char Unit)[] parts = [(years, 'y'), (time.Days % 365, 'd'), (time.Hours, 'h'), (time.Minutes, 'm')];
        string text = string.Concat(parts.SkipWhile(part => part.Value == 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Value}{part.Unit}")));
        return text + string.Create(CultureInfo.InvariantCulture, $"{time.Seconds}s");
    }

    /// <summary>An enumeration's value as pages name it: <c>own_region</c>.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>A number with three digits behind the point, or null.</summary>
    public static void WriteMeasure(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, Math.Round(known, 3));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static string Milliseconds(long milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
}

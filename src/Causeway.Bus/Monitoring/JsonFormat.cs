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

    /// <summary>A text that is left out where it is empty.</summary>
    public static void WriteIfSaid(this Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>Messages and their bytes, as an object.</summary>
    public static void WriteData(this Utf8JsonWriter json, string name, long messages, long bytes)
    {
        json.WriteStartObject(name);
        json.WriteNumber("msgs", messages);
        json.WriteNumber("bytes", bytes);
        json.WriteEndObject();
    }

    /// <summary>A duration as Go reads it, in microseconds below a millisecond.</summary>
    public static string Duration(double milliseconds) => milliseconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds * 1000:0}µs")
        : string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.###}ms");

    public static string Milliseconds(long milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Logging;

/// <summary>Writes events as lines.</summary>
internal static class LogLine
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    private static readonly string ProcessId = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <summary>The line of an event, with its line end.</summary>
    public static string Of(
        LogSettings settings, DateTimeOffset now, string category, LogLevel level, EventId id, string message, Exception? fault, IEnumerable<KeyValuePair<string, object?>>? values) =>
        settings.Format switch
        {
            LogFormat.Json => Json(now, category, level, id, message, fault, values),
            LogFormat.Nats => Nats(settings.ShowsTime, now, level, message, fault),
            _ => Text(settings.ShowsTime, now, category, level, id, message, fault),
        };

    private static string Text(bool showsTime, DateTimeOffset now, string category, LogLevel level, EventId id, string message, Exception? fault)
    {
        string time = showsTime ? now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture) + " " : "";
        string word = level switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
        return $"{time}{word}: {category}[{id.Id}] {OneLine(message, fault)}\n";
    }

    private static string Nats(bool showsTime, DateTimeOffset now, LogLevel level, string message, Exception? fault)
    {
        string time = showsTime ? now.LocalDateTime.ToString("yyyy/MM/dd HH:mm:ss.ffffff ", CultureInfo.InvariantCulture) : "";
        string word = level switch
        {
            LogLevel.Trace => "TRC",
            LogLevel.Debug => "DBG",
            LogLevel.Information => "INF",
            LogLevel.Warning => "WRN",
            LogLevel.Error => "ERR",
            _ => "FTL",
        };
        return $"[{ProcessId}] {time}[{word}] {OneLine(message, fault)}\n";
    }

    private static string Json(
        DateTimeOffset now, string category, LogLevel level, EventId id, string message, Exception? fault, IEnumerable<KeyValuePair<string, object?>>? values)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp", now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
            json.WriteNumber("EventId", id.Id);
            json.WriteString("LogLevel", level.ToString());
            json.WriteString("Category", category);
            json.WriteString("Message", message);
            if (fault is not null)
            {
                json.WriteString("Exception", OneLine("", fault));
            }

            json.WriteStartObject("State");
            foreach ((string name, object? value) in values ?? [])
            {
                Write(json, name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case int or long or uint or short or ushort or byte:
                json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string OneLine(string message, Exception? fault) =>
        (fault is null ? message : $"{message} {fault}").ReplaceLineEndings(" ").Trim();
}

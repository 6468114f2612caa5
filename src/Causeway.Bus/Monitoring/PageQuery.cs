using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Causeway.Bus.Monitoring;

/// <summary>The parameters of a page. Names that no page knows are ignored, as by nats-server; values that can't be are an error.</summary>
internal sealed class PageQuery(IQueryCollection query)
{
    public int Number(string name, int fallback)
    {
        if (Text(name) is not { } text)
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new PageQueryException($"{name}: '{text}' is no number; accepted is a whole number from 0 up");
    }

    public bool Flag(string name) => Text(name)?.ToLowerInvariant() switch
    {
        null or "0" or "false" => false,
        "1" or "true" or "detail" => true,
        { } text => throw new PageQueryException($"{name}: '{text}' can't be; accepted is 1, true, 0 or false"),
    };

    public string Choice(string name, string fallback, params ReadOnlySpan<string> accepted)
    {
        string text = Text(name) ?? fallback;
        return accepted.Contains(text) ? text : throw new PageQueryException($"{name}: '{text}' can't be; accepted is one of {string.Join(", ", accepted!)}");
    }

    public string? Text(string name) => query.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues values) && values.Count > 0 && values[0]!.Length > 0 ? values[0] : null;
}

/// <summary>A parameter that can't be; the message is the line to answer with.</summary>
internal sealed class PageQueryException(string message) : Exception(message);

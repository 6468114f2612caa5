using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Causeway.Bus.Monitoring;

/// <summary>
/// The parameters of a page. Names that no page knows are ignored, as by nats-server; values that can't be are an error. Pages that
/// nats-server has too read theirs by <see cref="Integer"/>, <see cref="Boolean"/> and the like, whose errors are worded as its are.
/// </summary>
internal sealed class PageQuery(Func<string, string?> read)
{
    /// <summary>A page that is asked for nothing in particular.</summary>
    public static readonly PageQuery Empty = new(_ => null);

    public PageQuery(IQueryCollection query)
        : this(name => query.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues values) && values.Count > 0 ? values[0] : null)
    {
    }

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

    public string? Text(string name) => read(name) is { Length: > 0 } text ? text : null;

    /// <summary>A whole number; 0 if it is not said.</summary>
    public int Integer(string name) => Text(name) is not { } text ? 0
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value
        : throw new PageQueryException($"Error decoding int for '{name}': strconv.Atoi: parsing \"{text}\": invalid syntax");

    /// <summary>A number of a connection; 0 if it is not said.</summary>
    public ulong Unsigned(string name) => Text(name) is not { } text ? 0
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value
        : throw new PageQueryException($"Error decoding uint64 for '{name}': strconv.ParseUint: parsing \"{text}\": invalid syntax");

    /// <summary>What Go takes for a truth value; false if it is not said.</summary>
    public bool Boolean(string name) => Text(name) switch
    {
        null or "0" or "f" or "F" or "false" or "False" or "FALSE" => false,
        "1" or "t" or "T" or "true" or "True" or "TRUE" => true,
        { } text => throw new PageQueryException($"Error decoding boolean for '{name}': strconv.ParseBool: parsing \"{text}\": invalid syntax"),
    };

    /// <summary><c>subs</c>: whether subscriptions are listed, and in detail.</summary>
    public SubscriptionListing Subscriptions() => Text("subs")?.ToLowerInvariant() == "detail" ? SubscriptionListing.Detail
        : Boolean("subs") ? SubscriptionListing.Subjects
        : SubscriptionListing.None;

    /// <summary>Where a listing begins and how much of it is shown.</summary>
    public (int Offset, int Limit) Window(int defaultLimit)
    {
        int offset = Integer("offset");
        int limit = Integer("limit");
        return (Math.Max(0, offset), limit <= 0 ? defaultLimit : limit);
    }
}

/// <summary>How subscriptions are shown with their owner.</summary>
internal enum SubscriptionListing
{
    None,
    Subjects,
    Detail,
}

/// <summary>A parameter that can't be; the message is the line to answer with.</summary>
internal sealed class PageQueryException(string message) : Exception(message);

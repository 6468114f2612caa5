namespace Causeway.Bus.Monitoring;

/// <summary>
/// A page as a script (<c>?callback=show</c> makes it <c>show({...})</c>), as nats-server has it: a script of another site gets the page
/// as a call of a function of its own.
/// </summary>
internal static class PageCallback
{
    private const int MaxCharacters = 128;

    /// <summary>The function's name; null if the page is wanted as it is.</summary>
    public static string? Of(PageQuery query)
    {
        string? name = query.Text("callback");
        return name is null || (name.Length <= MaxCharacters && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '.'))
            ? name
            : throw new PageQueryException($"callback: '{name}' is no name of a function; accepted are up to {MaxCharacters} letters, digits, _, $ and .");
    }

    public static string ContentType(string? callback) => callback is null ? "application/json" : "application/javascript";
}

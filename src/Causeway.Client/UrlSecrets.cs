using System.Net;
using System.Text.RegularExpressions;

namespace Causeway.Client;

/// <summary>
/// Takes passwords and tokens out of URLs that are shown, as in errors and logs; also out of texts that were meant as URLs and are none. Pure,
/// and safe for any number of threads.
/// </summary>
public static partial class UrlSecrets
{
    private const string Hidden = "***";
    private const int PortDigitsMax = 5;

    /// <summary>
    /// A URL as it may be shown: scheme, host and port. <c>***</c> stands for everything before the host (a user, a password, a token) and
    /// behind the port (a path or query, which may be a token too).
    /// </summary>
    /// <param name="url">A URL, or what somebody took for one: the scheme may be wrong or absent, and there may be several, separated by commas.</param>
    public static string Hide(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        int schemeEnd = Scheme().Match(url).Length;
        string rest = url[schemeEnd..];
        int at = Math.Max(EndOf(rest, "@"), EndOf(rest, "%40"));
        if (rest.AsSpan(0, at).IndexOfAny('/', '?', '#') >= 0)
        {
            // A password with a slash, or a path with an @: where the host is can't be told.
            return url[..schemeEnd] + Hidden;
        }

        string place = rest[at..];
        int authorityEnd = place.IndexOfAny(['/', '?', '#']);
        string authority = authorityEnd < 0 ? place : place[..authorityEnd];
        string behind = authorityEnd < 0 || place[authorityEnd..] == "/" ? place[authority.Length..] : place[authorityEnd] + Hidden;
        // Without an @ a password may stand where a port should, as in nats://user:password.
        return url[..schemeEnd] + (at > 0 ? $"{Hidden}@" : "") + (IsPlace(authority) ? authority + behind : $"{authority[..authority.IndexOf(':', StringComparison.Ordinal)]}:{Hidden}");
    }

    /// <summary>A line of text in which what stands before the host of each URL is replaced by <c>***</c>. Where the URL is at hand, <see cref="Hide"/> is surer.</summary>
    public static string HideIn(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Contains('@', StringComparison.Ordinal) ? UserInfo().Replace(line, $"${{scheme}}{Hidden}@") : line;
    }

    /// <summary>Whether a text looks like a port, right or wrong, and so like no password.</summary>
    internal static bool IsPort(ReadOnlySpan<char> text) => text.Length <= PortDigitsMax && text.IndexOfAnyExceptInRange('0', '9') < 0;

    private static int EndOf(string text, string mark) => text.LastIndexOf(mark, StringComparison.Ordinal) is >= 0 and int at ? at + mark.Length : 0;

    /// <summary>Whether a text is a host with a port or without one.</summary>
    private static bool IsPlace(string text)
    {
        int close = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        int hostEnd = close > 0 && IPAddress.TryParse(text.AsSpan(1, close - 1), out _) ? close : 0;
        int colon = text.IndexOf(':', hostEnd);
        return colon < 0 || IsPort(text.AsSpan(colon + 1)) || IPAddress.TryParse(text, out _);
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*://")]
    private static partial Regex Scheme();

    // A host has to follow: what errors say of the form, as user:password@, stays.
    [GeneratedRegex("""(?:(?<scheme>[A-Za-z][A-Za-z0-9+.-]*://)|(?<![^\s'"=,(])[^\s'"=,(/:]+:)\S*@(?=[A-Za-z0-9\[_.*-])""")]
    private static partial Regex UserInfo();
}

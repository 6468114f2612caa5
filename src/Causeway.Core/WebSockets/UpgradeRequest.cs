using System.Buffers;
using System.Text;

namespace Causeway.Core.WebSockets;

/// <summary>
/// The head of an HTTP request that asks for a WebSocket, read strictly: HTTP/1.1, lines that end in CR LF, no folded lines, no body
/// (RFC 9112, RFC 6455 4.1). Immutable.
/// </summary>
public sealed class UpgradeRequest
{
    /// <summary>Longest head, with the empty line behind it, in bytes.</summary>
    public const int MaxHeadBytes = 8 * 1024;

    /// <summary>Most header fields.</summary>
    public const int MaxFields = 64;

    private static readonly SearchValues<byte> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly List<(string Name, string Value)> _fields = [];

    private UpgradeRequest()
    {
    }

    /// <summary>The method.</summary>
    public string Method { get; private set; } = "";

    /// <summary>What is asked for: a path, and behind it perhaps a query.</summary>
    public string Target { get; private set; } = "";

    /// <summary>
    /// Reads the head that <paramref name="data"/> begins with. <paramref name="request"/> is there if the result is
    /// <see cref="HeadStatus.Complete"/>, and <paramref name="length"/> is then how many bytes it took.
    /// </summary>
    public static HeadStatus TryRead(ReadOnlySpan<byte> data, out UpgradeRequest? request, out int length)
    {
        request = null;
        length = 0;
        int end = data[..Math.Min(data.Length, MaxHeadBytes)].IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return data.Length >= MaxHeadBytes ? HeadStatus.TooLarge : HeadStatus.Incomplete;
        }

        UpgradeRequest read = new();
        ReadOnlySpan<byte> head = data[..end];
        bool isFirst = true;
        foreach (Range range in head.Split("\r\n"u8))
        {
            ReadOnlySpan<byte> line = head[range];
            if (!isFirst && read._fields.Count == MaxFields)
            {
                return HeadStatus.TooLarge;
            }

            if (!(isFirst ? read.ReadFirstLine(line) : read.ReadField(line)))
            {
                return HeadStatus.Malformed;
            }

            isFirst = false;
        }

        if (read.Count("Host") > 1 || read.Count("Transfer-Encoding") > 0 || read.Values("Content-Length").Any(value => value != "0"))
        {
            return HeadStatus.Malformed;
        }

        request = read;
        length = end + 4;
        return HeadStatus.Complete;
    }

    /// <summary>The value of the field <paramref name="name"/>, the first if there are several; empty if there is none.</summary>
    public string Value(string name) => Values(name).FirstOrDefault() ?? "";

    /// <summary>How many fields are named <paramref name="name"/>.</summary>
    public int Count(string name) => Values(name).Count();

    /// <summary>True if the list that the fields <paramref name="name"/> make has <paramref name="item"/>, in whichever case.</summary>
    public bool Lists(string name, string item) => Items(name).Contains(item, StringComparer.OrdinalIgnoreCase);

    /// <summary>The items of the list that the fields <paramref name="name"/> make.</summary>
    public IEnumerable<string> Items(string name) => Values(name).SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries));

    private IEnumerable<string> Values(string name) =>
        _fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value);

    private bool ReadFirstLine(ReadOnlySpan<byte> line)
    {
        int space = line.IndexOf((byte)' ');
        if (space <= 0 || line[..space].ContainsAnyExcept(Token))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = line[(space + 1)..];
        int end = rest.IndexOf((byte)' ');
        if (end <= 0 || rest[end..] is not [(byte)' ', .. var version] || !version.SequenceEqual("HTTP/1.1"u8) || rest[..end].ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return false;
        }

        Method = Encoding.ASCII.GetString(line[..space]);
        Target = Encoding.ASCII.GetString(rest[..end]);
        return Target[0] == '/' || Target.Contains("://", StringComparison.Ordinal);
    }

    private bool ReadField(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(Token))
        {
            return false;
        }

        ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
        foreach (byte part in value)
        {
            if (part is 127 or (< 32 and not (byte)'\t'))
            {
                return false;
            }
        }

        _fields.Add((Encoding.ASCII.GetString(line[..colon]), Encoding.Latin1.GetString(value)));
        return true;
    }
}

/// <summary>What became of reading a head.</summary>
public enum HeadStatus
{
    /// <summary>It has not arrived whole.</summary>
    Incomplete,

    /// <summary>It was read.</summary>
    Complete,

    /// <summary>It is no HTTP, or has what this reader does not take.</summary>
    Malformed,

    /// <summary>It is over a limit.</summary>
    TooLarge,
}

using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Causeway.Client.Protocol;

namespace Causeway.Client;

/// <summary>The headers of a message: names with one or several values, in the order they were added. Names are compared exactly.</summary>
/// <remarks>Not safe for use by several threads at the same time while one of them changes it; received headers are ready to read.</remarks>
public sealed class MessageHeaders : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _fields = [];

    /// <summary>How many values there are.</summary>
    public int Count => _fields.Count;

    /// <summary>The status that a server's own message carries, for example 503 where nobody responds to a request; null in ordinary messages.</summary>
    public int? Status { get; internal init; }

    /// <summary>The text behind <see cref="Status"/>; null where there is none.</summary>
    public string? StatusText { get; internal init; }

    /// <summary>The first value of <paramref name="name"/>, or null. Setting replaces all values of the name.</summary>
    /// <exception cref="ArgumentException">The name or value can't stand in a header.</exception>
    [DisallowNull]
    public string? this[string name]
    {
        get => TryGet(name, out string? value) ? value : null;
        set
        {
            Check(name, value);
            _fields.RemoveAll(field => field.Key == name);
            _fields.Add(new(name, value));
        }
    }

    /// <summary>Why a name can't stand in a header, as the end of a sentence that begins with it; null where it can.</summary>
    public static string? NameProblem(ReadOnlySpan<char> name) =>
        name.IsEmpty ? "is empty"
        : name.ContainsAnyExceptInRange('!', '~') || name.Contains(':') ? "has a character that is not printable ASCII, or a colon"
        : null;

    /// <summary>Why a value can't stand in a header, as the end of a sentence that begins with it; null where it can.</summary>
    public static string? ValueProblem(ReadOnlySpan<char> value) =>
        value.ContainsAny('\r', '\n') ? "has a line break" : null;

    /// <summary>Adds a value behind those that the name already has.</summary>
    /// <exception cref="ArgumentException">The name or value can't stand in a header.</exception>
    public void Add(string name, string value)
    {
        Check(name, value);
        _fields.Add(new(name, value));
    }

    /// <summary>The first value of a name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        foreach ((string key, string text) in _fields)
        {
            if (key == name)
            {
                value = text;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>All values of a name, in order; empty where the name is absent.</summary>
    public IEnumerable<string> GetAll(string name) => _fields.Where(field => field.Key == name).Select(field => field.Value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The size of the header block on the wire, in bytes.</summary>
    internal int EncodedLength()
    {
        int length = HeaderBlock.Version.Length + 4;
        foreach ((string name, string value) in _fields)
        {
            length += name.Length + 2 + Encoding.UTF8.GetByteCount(value) + 2;
        }

        return length;
    }

    /// <summary>The same fields in headers of their own, with room for more.</summary>
    internal MessageHeaders Copy()
    {
        MessageHeaders copy = new();
        copy._fields.AddRange(_fields);
        return copy;
    }

    /// <summary>Takes a field as it was received: servers and other clients are freer in what they write than <see cref="Add"/> is.</summary>
    internal void AddReceived(string name, string value) => _fields.Add(new(name, value));

    private static void Check(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        if (NameProblem(name) is { } badName)
        {
            throw new ArgumentException($"header name '{name}' {badName}", nameof(name));
        }

        if (ValueProblem(value) is { } badValue)
        {
            throw new ArgumentException($"the value of header '{name}' {badValue}", nameof(value));
        }
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Causeway.Director.Status;

/// <summary>One document of the store as this director last saw it; read again only if its version is another. Not thread-safe.</summary>
internal sealed class StoredDocument<T>(IStatusDocuments documents, string name, JsonTypeInfo<T> type, T empty)
    where T : class
{
    private readonly T _empty = empty;

    /// <summary>The version last seen; 0 if there is none.</summary>
    public long Version { get; private set; }

    /// <summary>What was last seen.</summary>
    public T Value { get; private set; } = empty;

    /// <summary>Sees what is stored now. One that can't be read, of another version of the program, counts as empty and is kept until it is written over.</summary>
    public async ValueTask ReadAsync(CancellationToken cancel)
    {
        StatusDocument? stored = await documents.ReadAsync(name, cancel).ConfigureAwait(false);
        if (stored is null)
        {
            (Version, Value) = (0, _empty);
        }
        else if (stored.Version != Version)
        {
            (Version, Value) = (stored.Version, Parse(stored.Body.Span));
        }
    }

    /// <summary>Writes <paramref name="value"/> over what was last seen; false, and nothing written, if it is another by now.</summary>
    public async ValueTask<bool> TryWriteAsync(T value, CancellationToken cancel)
    {
        if (!await documents.TryWriteAsync(name, JsonSerializer.SerializeToUtf8Bytes(value, type), Version, cancel).ConfigureAwait(false))
        {
            return false;
        }

        // The store gives the version when it is read next; until then only the value is known.
        Value = value;
        await ReadAsync(cancel).ConfigureAwait(false);
        return true;
    }

    private T Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? _empty;
        }
        catch (JsonException)
        {
            return _empty;
        }
    }
}

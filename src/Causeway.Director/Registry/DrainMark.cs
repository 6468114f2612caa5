using System.Text.Json;
using System.Text.Json.Serialization;
using Causeway.Director.Store;

namespace Causeway.Director.Registry;

/// <summary>That an operator drains a region. Immutable.</summary>
public sealed record DrainMark
{
    /// <summary>When it began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>By when the region is to be empty.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>True if its nodes are told to leave once it is empty, at the deadline in any case.</summary>
    public bool StopsNodes { get; init; }
}

/// <summary>The marks of all regions, in what directors share. Thread-safe.</summary>
/// <param name="store">Where they are kept.</param>
internal sealed class DrainMarks(IDirectorStore store)
{
    private const string Key = "drains";
    private const int MaxAttempts = 16;

    /// <summary>The marks by region.</summary>
    public async ValueTask<IReadOnlyDictionary<string, DrainMark>> ReadAsync(CancellationToken cancel) =>
        Parse(await store.ReadAsync(Key, cancel).ConfigureAwait(false));

    /// <summary>Sets the mark of a region, or takes it away; false if others wrote in between all the time.</summary>
    public async ValueTask<bool> SetAsync(string region, DrainMark? mark, CancellationToken cancel)
    {
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            StoreDocument? document = await store.ReadAsync(Key, cancel).ConfigureAwait(false);
            Dictionary<string, DrainMark> marks = Parse(document);
            marks.Remove(region);
            if (mark is not null)
            {
                marks[region] = mark;
            }

            byte[] body = JsonSerializer.SerializeToUtf8Bytes(marks, DrainJson.Default.DictionaryStringDrainMark);
            if (await store.TryWriteAsync(Key, document?.Version ?? 0, body, cancel).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private static Dictionary<string, DrainMark> Parse(StoreDocument? document)
    {
        try
        {
            return document is null ? [] : JsonSerializer.Deserialize(document.Body.Span, DrainJson.Default.DictionaryStringDrainMark) ?? [];
        }
        catch (JsonException)
        {
            // Of another version of the program: nothing is drained until somebody says so again.
            return [];
        }
    }
}

/// <summary>How marks are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Dictionary<string, DrainMark>))]
internal sealed partial class DrainJson : JsonSerializerContext;

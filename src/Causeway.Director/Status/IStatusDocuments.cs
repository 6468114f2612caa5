namespace Causeway.Director.Status;

/// <summary>
/// Where directors that belong together keep the documents of the status page: named, versioned, and written only by who has seen
/// the last version. Thread-safe.
/// </summary>
public interface IStatusDocuments
{
    /// <summary>The document <paramref name="name"/> as it is now; null if there is none.</summary>
    ValueTask<StatusDocument?> ReadAsync(string name, CancellationToken cancel);

    /// <summary>
    /// Writes the document <paramref name="name"/> if its version still is <paramref name="expectedVersion"/> (0: if there is none);
    /// false, and nothing written, if not.
    /// </summary>
    ValueTask<bool> TryWriteAsync(string name, ReadOnlyMemory<byte> body, long expectedVersion, CancellationToken cancel);
}

/// <summary>A document as it was stored.</summary>
/// <param name="Body">What is in it.</param>
/// <param name="Version">Its version, from 1.</param>
public sealed record StatusDocument(ReadOnlyMemory<byte> Body, long Version);

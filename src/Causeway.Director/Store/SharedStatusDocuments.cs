using Causeway.Director.Status;

namespace Causeway.Director.Store;

/// <summary>The documents of the status page, kept in what directors share. Thread-safe.</summary>
/// <param name="store">Where they are kept.</param>
public sealed class SharedStatusDocuments(IDirectorStore store) : IStatusDocuments
{
    private const string Prefix = "status/";

    /// <inheritdoc/>
    public async ValueTask<StatusDocument?> ReadAsync(string name, CancellationToken cancel) =>
        await store.ReadAsync(Prefix + name, cancel).ConfigureAwait(false) is { } document ? new StatusDocument(document.Body, document.Version) : null;

    /// <inheritdoc/>
    public ValueTask<bool> TryWriteAsync(string name, ReadOnlyMemory<byte> body, long expectedVersion, CancellationToken cancel) =>
        store.TryWriteAsync(Prefix + name, expectedVersion, body, cancel);
}

using Causeway.Director.Admission;

namespace Causeway.Director.Store;

/// <summary>
/// What the directors of a deployment share: documents with versions, grants of admission, and who they are. Thread-safe. Calls don't
/// fail because a server of the store is away: the store goes on from what this director knows, and says so in <see cref="State"/>.
/// </summary>
public interface IDirectorStore : IAsyncDisposable
{
    /// <summary>How the store is.</summary>
    StoreState State { get; }

    /// <summary>The document <paramref name="key"/> as it is now; null if there is none.</summary>
    ValueTask<StoreDocument?> ReadAsync(string key, CancellationToken cancel);

    /// <summary>
    /// Writes the document <paramref name="key"/> if its version still is <paramref name="expectedVersion"/> (0: if there is none); false,
    /// and nothing written, if it is another, or if the document or their number is over <see cref="StoreLimits"/>.
    /// </summary>
    ValueTask<bool> TryWriteAsync(string key, long expectedVersion, ReadOnlyMemory<byte> body, CancellationToken cancel);

    /// <summary>Asks for a place for a client in a region, as <see cref="GrantBook.Take"/> decides.</summary>
    ValueTask<GrantAnswer> TakeAsync(GrantRequest request, CancellationToken cancel);

    /// <summary>Says that a client has arrived in a region: what it was granted is kept only until reports have counted it.</summary>
    ValueTask SettleAsync(string region, string client, CancellationToken cancel);

    /// <summary>Says that this director lives and gives all that do, itself among them.</summary>
    ValueTask<IReadOnlyList<DirectorPresence>> BeatAsync(DirectorPresence self, CancellationToken cancel);
}

/// <summary>A document as it was stored. Immutable.</summary>
/// <param name="Body">What is in it.</param>
/// <param name="Version">Its version, from 1.</param>
public sealed record StoreDocument(ReadOnlyMemory<byte> Body, long Version);

/// <summary>A director that lives. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">Where it serves.</param>
/// <param name="SeenAt">When it last said so, by its own clock.</param>
/// <param name="Hears">The regions from which it hears reports.</param>
public sealed record DirectorPresence(string Name, string Url, DateTimeOffset SeenAt, IReadOnlyList<string> Hears);

/// <summary>How a store is. Immutable.</summary>
/// <param name="IsShared">True if several directors can share it.</param>
/// <param name="Problem">Why it goes on from memory, in one line; empty if all is well.</param>
public sealed record StoreState(bool IsShared, string Problem)
{
    /// <summary>True if it works as it should.</summary>
    public bool IsWell => Problem.Length == 0;
}

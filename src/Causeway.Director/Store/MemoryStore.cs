using Causeway.Director.Admission;

namespace Causeway.Director.Store;

/// <summary>The store of a director by itself: everything in its memory, gone when it ends.</summary>
/// <param name="time">The clock of grants and of signs of life.</param>
public sealed class MemoryStore(TimeProvider time) : IDirectorStore
{
    private readonly Dictionary<string, StoreDocument> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GrantBook> _books = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DirectorPresence> _directors = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly long _began = time.GetTimestamp();

    /// <inheritdoc/>
    public StoreState State { get; } = new(IsShared: false, "");

    /// <summary>All documents as they are now.</summary>
    public IReadOnlyList<(string Key, StoreDocument Document)> Documents
    {
        get
        {
            lock (_gate)
            {
                return [.. _documents.Select(pair => (pair.Key, pair.Value))];
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_began);

    /// <inheritdoc/>
    public ValueTask<StoreDocument?> ReadAsync(string key, CancellationToken cancel)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(_documents.GetValueOrDefault(key));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryWriteAsync(string key, long expectedVersion, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        lock (_gate)
        {
            StoreDocument? present = _documents.GetValueOrDefault(key);
            bool writes = (present?.Version ?? 0) == expectedVersion && Fits(key, body) && (present is not null || _documents.Count < StoreLimits.MaxDocuments);
            if (writes)
            {
                _documents[key] = new StoreDocument(body.ToArray(), expectedVersion + 1);
            }

            return ValueTask.FromResult(writes);
        }
    }

    /// <summary>Takes over what another store holds, or forgets it if null.</summary>
    public void Mirror(string key, StoreDocument? document)
    {
        lock (_gate)
        {
            if (document is null)
            {
                _documents.Remove(key);
            }
            else if (_documents.ContainsKey(key) || _documents.Count < StoreLimits.MaxDocuments)
            {
                _documents[key] = document;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<GrantAnswer> TakeAsync(GrantRequest request, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (!_books.TryGetValue(request.Region, out GrantBook? book))
            {
                if (_books.Count >= AdmissionLimits.MaxBooks)
                {
                    return ValueTask.FromResult(new GrantAnswer(GrantResult.Full, AdmissionLimits.FullWait, 0));
                }

                _books[request.Region] = book = new GrantBook();
            }

            return ValueTask.FromResult(book.Take(request, Now));
        }
    }

    /// <inheritdoc/>
    public ValueTask SettleAsync(string region, string client, CancellationToken cancel)
    {
        lock (_gate)
        {
            _books.GetValueOrDefault(region)?.Settle(client, Now);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DirectorPresence>> BeatAsync(DirectorPresence self, CancellationToken cancel)
    {
        lock (_gate)
        {
            _directors[self.Name] = self;
            foreach (DirectorPresence lost in _directors.Values.Where(director => self.SeenAt - director.SeenAt > StoreLimits.DirectorForgottenAfter).ToArray())
            {
                _directors.Remove(lost.Name);
            }

            return ValueTask.FromResult<IReadOnlyList<DirectorPresence>>([.. _directors.Values.OrderBy(director => director.Name, StringComparer.Ordinal)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static bool Fits(string key, ReadOnlyMemory<byte> body) =>
        key.Length is > 0 and <= StoreLimits.MaxKeyCharacters && body.Length <= StoreLimits.MaxDocumentBytes;
}

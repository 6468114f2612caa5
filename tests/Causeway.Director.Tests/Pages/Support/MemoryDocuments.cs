using System.Collections.Concurrent;
using Causeway.Director.Status;

namespace Causeway.Director.Tests.Pages.Support;

/// <summary>Documents in memory, which can be made unreachable, and to which another can be made to write in between.</summary>
internal sealed class MemoryDocuments : IStatusDocuments
{
    private readonly ConcurrentDictionary<string, StatusDocument> _documents = new(StringComparer.Ordinal);
    private int _writes;

    public bool IsDown { get; set; }

    public int Writes => _writes;

    /// <summary>Runs before each write of a document, with its name.</summary>
    public Action<string>? BeforeWrite { get; set; }

    public IEnumerable<string> Names => _documents.Keys;

    public ValueTask<StatusDocument?> ReadAsync(string name, CancellationToken cancel)
    {
        ThrowIfDown();
        return ValueTask.FromResult(_documents.GetValueOrDefault(name));
    }

    public ValueTask<bool> TryWriteAsync(string name, ReadOnlyMemory<byte> body, long expectedVersion, CancellationToken cancel)
    {
        ThrowIfDown();
        BeforeWrite?.Invoke(name);
        StatusDocument next = new(body.ToArray(), expectedVersion + 1);
        bool isWritten = expectedVersion == 0
            ? _documents.TryAdd(name, next)
            : _documents.TryGetValue(name, out StatusDocument? old) && old.Version == expectedVersion && _documents.TryUpdate(name, next, old);
        if (isWritten)
        {
            Interlocked.Increment(ref _writes);
        }

        return ValueTask.FromResult(isWritten);
    }

    private void ThrowIfDown()
    {
        if (IsDown)
        {
            throw new IOException("the store is down");
        }
    }
}

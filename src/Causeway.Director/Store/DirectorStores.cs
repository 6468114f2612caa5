using Microsoft.Extensions.Logging;

namespace Causeway.Director.Store;

/// <summary>Opens the store that a director was told to use.</summary>
public static class DirectorStores
{
    /// <summary>The store at <paramref name="url"/> (<c>redis://host:port</c>), which may be away; the director's own memory if it is empty.</summary>
    public static IDirectorStore Open(string url, string deployment, TimeProvider time, ILogger log) =>
        url.Length == 0 ? new MemoryStore(time) : new FallbackStore(RedisBackend.Open(url, deployment), time, log);
}

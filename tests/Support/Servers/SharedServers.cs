using System.Collections.Concurrent;

namespace Causeway.Tests.Support.Servers;

/// <summary>
/// One running server of each kind for all tests of an assembly that need nothing special; they keep apart by their subjects.
/// </summary>
public sealed class SharedServers : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<TestServer>>> _servers = new();
    private static int _subjects;

    /// <summary>A subject that no other test uses.</summary>
    public static string NewSubject() => $"test.{Interlocked.Increment(ref _subjects)}";

    public Task<TestServer> GetAsync(string kind) =>
        _servers.GetOrAdd(kind, static name => new Lazy<Task<TestServer>>(() => TestServer.StartAsync(name))).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<Task<TestServer>> server in _servers.Values)
        {
            await (await server.Value).DisposeAsync();
        }
    }
}

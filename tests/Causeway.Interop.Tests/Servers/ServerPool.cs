namespace Causeway.Interop.Tests.Servers;

/// <summary>
/// The servers that the tests of one class share, started when first asked for: a start costs more than most tests.
/// Tests that stop their server or change its state start one of their own.
/// </summary>
public sealed class ServerPool : IAsyncDisposable
{
    private readonly Dictionary<(ServerKind Kind, ServerOptions Options), ServerProcess> _servers = [];
    private readonly SemaphoreSlim _gate = new(1, 1);

    public async Task<ServerProcess> GetAsync(ServerKind kind, ServerOptions? options = null)
    {
        (ServerKind Kind, ServerOptions Options) key = (kind, options ?? ServerOptions.Default);
        await _gate.WaitAsync();
        try
        {
            if (!_servers.TryGetValue(key, out ServerProcess? server))
            {
                server = await ServerProcess.StartAsync(key.Kind, key.Options);
                _servers.Add(key, server);
            }

            return server;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServerProcess server in _servers.Values)
        {
            await server.DisposeAsync();
        }

        _gate.Dispose();
    }
}

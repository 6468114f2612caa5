using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Cli.Tests.Bench;

/// <summary>A server of its own for a class of tests that load it.</summary>
public abstract class BenchServer(string kind) : IAsyncLifetime
{
    private TestServer? _server;

    public int Port => _server!.Port;

    public int Pid => _server!.Pid;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(kind);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

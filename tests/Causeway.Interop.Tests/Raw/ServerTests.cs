using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>Tests at the level of bytes, over TCP unless a derived class says otherwise, against servers that the class shares.</summary>
public abstract class ServerTests(ServerPool servers) : IClassFixture<ServerPool>
{
    private static int _subjectsGiven;

    /// <summary>A subject that no other test uses.</summary>
    protected static string NewSubject() => $"t{Interlocked.Increment(ref _subjectsGiven)}";

    /// <summary>Whether the tests speak TLS.</summary>
    protected virtual bool Tls => false;

    /// <summary>How the tests go over WebSockets; null if they don't.</summary>
    protected virtual WebSocketSettings? WebSocket => null;

    protected Task<ServerProcess> ServerAsync(ServerKind kind, ServerOptions? options = null) =>
        servers.GetAsync(kind, Over(options));

    /// <summary>A server of the test's own.</summary>
    protected Task<ServerProcess> StartAsync(ServerKind kind, ServerOptions? options = null) =>
        ServerProcess.StartAsync(kind, Over(options));

    protected async Task<RawConnection> OpenAsync(ServerKind kind) =>
        await RawConnection.OpenAsync(await ServerAsync(kind));

    protected async Task<RawConnection> ConnectAsync(ServerKind kind, string options = ConnectOptions.Quiet) =>
        await RawConnection.ConnectAsync(await ServerAsync(kind), options);

    private ServerOptions Over(ServerOptions? options) => (options ?? ServerOptions.Default) with { Tls = Tls, WebSocket = WebSocket };
}

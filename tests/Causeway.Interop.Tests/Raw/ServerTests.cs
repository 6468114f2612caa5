using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>Tests over plain sockets against servers that the class shares.</summary>
public abstract class ServerTests(ServerPool servers) : IClassFixture<ServerPool>
{
    private static int _subjectsGiven;

    /// <summary>A subject that no other test uses.</summary>
    protected static string NewSubject() => $"t{Interlocked.Increment(ref _subjectsGiven)}";

    protected Task<ServerProcess> ServerAsync(ServerKind kind, ServerOptions? options = null) =>
        servers.GetAsync(kind, options);

    protected async Task<RawConnection> OpenAsync(ServerKind kind) =>
        await RawConnection.OpenAsync(await servers.GetAsync(kind));

    protected async Task<RawConnection> ConnectAsync(ServerKind kind, string options = ConnectOptions.Quiet) =>
        await RawConnection.ConnectAsync(await servers.GetAsync(kind), options);
}

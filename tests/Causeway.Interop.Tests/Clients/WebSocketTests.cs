using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Clients;

/// <summary>nats.js over WebSockets, both families as in browsers: the same scenarios as over TCP.</summary>
public sealed class WebSocketTests(ServerPool servers) : IClassFixture<ServerPool>
{
    [Theory]
    [OnEveryServer]
    public Task Messaging(ServerKind kind) => RunAsync(kind, "messaging", new WebSocketSettings(), NodeTests.MessagingChecks);

    [Theory]
    [OnEveryServer]
    public Task Messaging_with_TLS_and_compression(ServerKind kind) => RunAsync(kind, "messaging", new WebSocketSettings(Tls: true, Compression: true), NodeTests.MessagingChecks);

    [Theory]
    [OnEveryServer]
    public Task Requests_with_TLS_and_compression(ServerKind kind) => RunAsync(kind, "requests", new WebSocketSettings(Tls: true, Compression: true), NodeTests.RequestsChecks);

    [Theory]
    [OnEveryServer]
    public Task Draining(ServerKind kind) => RunAsync(kind, "draining", new WebSocketSettings(), NodeTests.DrainingChecks);

    [Theory]
    [OnEveryServer]
    public Task Messaging_of_the_older_family(ServerKind kind) => RunAsync(kind, "messaging", new WebSocketSettings(Compression: true), NodeTests.MessagingChecks, NodeProgram.LegacyWebSockets);

    [Theory]
    [OnEveryServer]
    public Task Requests_of_the_older_family(ServerKind kind) => RunAsync(kind, "requests", new WebSocketSettings(), NodeTests.RequestsChecks, NodeProgram.LegacyWebSockets);

    private async Task RunAsync(ServerKind kind, string scenario, WebSocketSettings settings, IReadOnlyList<string> checks, string family = NodeProgram.WebSockets)
    {
        ServerProcess server = await servers.GetAsync(kind, new ServerOptions { WebSocket = settings });
        Launch program = NodeProgram.For(scenario, family, server.WebSocketUrl);
        await ScenarioRun.AssertPassesAsync(settings.Tls ? TlsFiles.Trusting(program) : program, checks);
    }
}

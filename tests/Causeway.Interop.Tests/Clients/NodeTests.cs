using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Clients;

/// <summary>nats.js, old and new, as real processes. The lists say what each script must report.</summary>
public sealed class NodeTests(ServerPool servers) : IClassFixture<ServerPool>
{
    private static readonly ServerOptions SmallLimits = new()
    {
        MaxPayloadBytes = 10_000,
        MaxSubscriptions = 20,
        MaxConnections = 5,
    };

    private static readonly ServerOptions Impatient = new()
    {
        PingInterval = TimeSpan.FromSeconds(1),

        // So many that a machine which stands still for a moment does not make a client late; the scenario's silence is longer.
        MaxPingsOut = 5,
    };

    private static readonly ServerOptions QuickLameDuck = new()
    {
        LameDuck = new LameDuckTiming(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(30)),
    };

    private static readonly ServerOptions Users = new()
    {
        Access = $$"""
            authorization { timeout: 60, users: [
              { user: ann, password: secret }
              { user: hashed, password: "{{BCrypt.Net.BCrypt.HashPassword("secret", 5)}}" }
              { user: limited, password: secret, permissions: { publish: "echo", subscribe: "echo" } }
              { nkey: UCBNTJAI4VSUTOXNPA7PIREZUTMDIQ4BRQMYSGFUYAWSCNCAMHSSDG75 }
            ] }
            """,
    };

    internal static readonly string[] MessagingChecks =
    [
        "publish and subscribe",
        "an empty payload",
        "every byte value passes",
        "a payload that looks like the protocol",
        "payloads of all sizes up to the limit",
        "headers",
        "wildcards",
        "overlapping subscriptions",
        "a queue group delivers each message once",
        "ten thousand messages in order",
        "unsubscribe",
        "unsubscribe after a number of messages",
        "many subscriptions come and go",
    ];

    internal static readonly string[] RequestsChecks =
    [
        "request and reply",
        "request and reply on one connection",
        "request without the shared inbox",
        "headers go both ways",
        "a thousand requests at a time",
        "a queue group answers once",
        "a request for many gets a counted number",
        "a request for many ends at the empty message",
        "no responders is reported at once",
        "no responders without the shared inbox",
        "no responders to a request for many",
        "no responders once the service has gone",
        "a silent service times out",
    ];

    internal static readonly string[] DrainingChecks =
    [
        "a drained subscription handles what is on its way",
        "a drained connection handles what is on its way and closes",
        "a drained connection has sent what it published",
        "a service in a queue group drains without losing a request",
    ];

    private static readonly ServerOptions Token = new() { Access = "authorization { token: t0ken, timeout: 60 }" };

    [Theory]
    [OnEveryServer(NodeProgram.Legacy)]
    [OnEveryServer(NodeProgram.Modules)]
    public Task Connection(ServerKind kind, string family) => RunAsync(
        kind, family, "connection", ServerOptions.Default,
        [
            "info is complete",
            "each connection has its own client id",
            "flush and round trip time",
            "user and token are ignored without authentication",
            "verbose",
            "pedantic",
            "verbose and pedantic",
            "no echo",
            "close ends the connection without an error",
            "a hundred connections at a time",
        ]);

    [Theory]
    [OnEveryServer(NodeProgram.Legacy)]
    [OnEveryServer(NodeProgram.Modules)]
    public Task Messaging(ServerKind kind, string family) => RunAsync(kind, family, "messaging", ServerOptions.Default, MessagingChecks);

    [Theory]
    [OnEveryServer(NodeProgram.Legacy)]
    [OnEveryServer(NodeProgram.Modules)]
    public Task Messaging_over_TLS(ServerKind kind, string family) => RunAsync(kind, family, "messaging", new ServerOptions { Tls = true }, MessagingChecks);

    /// <summary>Debian's nats-server and libnats (3.4) do not have it yet.</summary>
    [Theory]
    [InlineData(NodeProgram.Legacy)]
    [InlineData(NodeProgram.Modules)]
    public Task TLS_before_INFO(string family) => RunAsync(
        ServerKind.Causeway, family, "tlsfirst", new ServerOptions { Tls = true, TlsFirst = true }, ["TLS comes before INFO"]);

    [Theory]
    [OnEveryServer(NodeProgram.Legacy)]
    [OnEveryServer(NodeProgram.Modules)]
    public Task Requests(ServerKind kind, string family) => RunAsync(kind, family, "requests", ServerOptions.Default, RequestsChecks);

    [Theory]
    [OnEveryServer(NodeProgram.Legacy)]
    [OnEveryServer(NodeProgram.Modules)]
    public Task Requests_over_TLS(ServerKind kind, string family) => RunAsync(kind, family, "requests", new ServerOptions { Tls = true }, RequestsChecks);

    [Theory]
    [OnEveryServer(NodeProgram.Legacy)]
    [OnEveryServer(NodeProgram.Modules)]
    public Task Draining(ServerKind kind, string family) => RunAsync(kind, family, "draining", ServerOptions.Default, DrainingChecks);

    [Theory]
    [OnEveryServer(NodeProgram.Legacy)]
    [OnEveryServer(NodeProgram.Modules)]
    public Task Draining_over_TLS(ServerKind kind, string family) => RunAsync(kind, family, "draining", new ServerOptions { Tls = true }, DrainingChecks);

    [Theory]
    [OnEveryServer(NodeProgram.Legacy)]
    [OnEveryServer(NodeProgram.Modules)]
    public Task Absent_features(ServerKind kind, string family) => RunAsync(
        kind, family, "absent", ServerOptions.Default,
        [
            "jetstream management",
            "jetstream publish",
            "the api's subjects answer no responders",
        ]);

    [Theory]
    [OnEveryServer(NodeProgram.Legacy)]
    [OnEveryServer(NodeProgram.Modules)]
    public Task Errors(ServerKind kind, string family) => RunAsync(
        kind, family, "errors", SmallLimits,
        [
            "a payload over the limit is refused by the client",
            "a payload over the limit is refused by the server",
            "one subscription too many is reported and nothing else is lost",
            "an invalid subject is reported and nothing else is lost",
            "an unknown operation is reported and closes",
            "the client reconnects after an error that closed",
            "one connection too many is refused",
        ]);

    [Theory]
    [OnEveryServer(NodeProgram.Legacy)]
    [OnEveryServer(NodeProgram.Modules)]
    public async Task Login(ServerKind kind, string family)
    {
        ServerProcess users = await servers.GetAsync(kind, Users);
        ServerProcess token = await servers.GetAsync(kind, Token);
        await ScenarioRun.AssertPassesAsync(
            NodeProgram.For("login", family, users.Url, token.Url),
            [
                "a user with a password",
                "a user whose password is kept as a hash",
                "an nkey signs the nonce",
                "a token",
                "a wrong password, a wrong token and nothing at all are refused",
                "a subscription that is not allowed is reported and nothing else is lost",
                "a hundred clients with hashed passwords at a time",
            ]);
    }

    [Theory]
    [OnEveryServer(NodeProgram.Legacy)]
    [OnEveryServer(NodeProgram.Modules)]
    public Task Keepalive(ServerKind kind, string family) => RunAsync(
        kind, family, "keepalive", Impatient,
        ["silent clients stay while both sides answer pings"]);

    [Theory]
    [OnEveryServer(NodeProgram.Legacy)]
    [OnEveryServer(NodeProgram.Modules)]
    public async Task Restart(ServerKind kind, string family)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(kind);
        await ScenarioRun.AssertPassesAsync(
            NodeProgram.For("restart", family, server.Url),
            [
                "subscriptions are there again after a restart",
                "a subscription that had part of its maximum gets the rest",
                "requests work again after a restart",
            ],
            async action =>
            {
                Assert.Equal("restart", action);
                await server.KillAsync();
                await server.StartAgainAsync();
            });
    }

    [Theory]
    [OnEveryServer(NodeProgram.Legacy)]
    [OnEveryServer(NodeProgram.Modules)]
    public async Task Lame_duck(ServerKind kind, string family)
    {
        await using ServerProcess leaving = await ServerProcess.StartAsync(kind, QuickLameDuck);
        await using ServerProcess staying = await ServerProcess.StartAsync(kind);
        await ScenarioRun.AssertPassesAsync(
            NodeProgram.For("lameduck", family, leaving.Url, staying.Url),
            ["a lame duck is announced and the client goes to the next server"],
            action =>
            {
                Assert.Equal("lame-duck", action);
                leaving.Send(Signal.LameDuck);
                return Task.CompletedTask;
            });
    }

    private async Task RunAsync(
        ServerKind kind, string family, string scenario, ServerOptions options, IReadOnlyList<string> checks)
    {
        ServerProcess server = await servers.GetAsync(kind, options);
        Launch program = NodeProgram.For(scenario, family, server.Url);
        await ScenarioRun.AssertPassesAsync(options.Tls ? TlsFiles.Trusting(program) : program, checks);
    }
}

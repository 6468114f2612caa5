using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Clients;

/// <summary>Debian's libnats in real processes. The lists say what each program must report.</summary>
public sealed class LibnatsTests(ServerPool servers) : IClassFixture<ServerPool>
{
    private static readonly ServerOptions SmallLimitsAndImpatient = new()
    {
        MaxPayloadBytes = 10_000,
        MaxSubscriptions = 20,
        PingInterval = TimeSpan.FromSeconds(1),

        // So many that a machine which stands still for a moment does not make a client late; the scenario's silence is longer.
        MaxPingsOut = 5,
    };

    private static readonly string[] MessagingChecks =
    [
        "synchronous subscription",
        "asynchronous subscription",
        "payloads of all sizes up to the limit",
        "headers",
        "wildcards",
        "a queue group delivers each message once",
        "ten thousand messages in order",
        "unsubscribe",
        "unsubscribe after a number of messages",
        "no echo",
        "verbose and pedantic",
    ];

    private static readonly string[] RequestsChecks =
    [
        "request and reply",
        "request and reply of the old style",
        "headers go both ways",
        "a queue group answers once",
        "no responders is reported at once",
        "no responders of the old style",
        "a client can do without no responders",
        "a silent service times out",
        "jetstream is absent",
        "key value is absent",
    ];

    private static readonly ServerOptions QuickLameDuck = new()
    {
        LameDuck = new LameDuckTiming(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(30)),
    };

    [Theory]
    [OnEveryServer]
    public Task Messaging(ServerKind kind) => RunAsync(kind, "messaging", ServerOptions.Default, MessagingChecks);

    [Theory]
    [OnEveryServer]
    public Task Messaging_over_TLS(ServerKind kind) => RunAsync(kind, "messaging", new ServerOptions { Tls = true }, MessagingChecks);

    [Theory]
    [OnEveryServer]
    public Task Requests(ServerKind kind) => RunAsync(kind, "requests", ServerOptions.Default, RequestsChecks);

    [Theory]
    [OnEveryServer]
    public Task Requests_over_TLS(ServerKind kind) => RunAsync(kind, "requests", new ServerOptions { Tls = true }, RequestsChecks);

    [Theory]
    [OnEveryServer]
    public Task Lifecycle(ServerKind kind) => RunAsync(
        kind, "lifecycle", SmallLimitsAndImpatient,
        [
            "flush and round trip time",
            "a drained subscription handles what is on its way",
            "a drained connection handles what is on its way and closes",
            "silent clients stay while both sides answer pings",
            "a payload over the limit is refused",
            "one subscription too many is reported",
        ]);

    [Theory]
    [OnEveryServer]
    public async Task Reconnect(ServerKind kind)
    {
        await using ServerProcess first = await ServerProcess.StartAsync(kind, QuickLameDuck);
        await using ServerProcess second = await ServerProcess.StartAsync(kind);
        await ScenarioRun.AssertPassesAsync(
            await LibnatsProgram.ForAsync("reconnect", first.Url, second.Url),
            [
                "subscriptions are there again after a restart",
                "a lame duck is announced and the client goes to the next server",
            ],
            async action =>
            {
                switch (action)
                {
                    case "restart":
                        await first.KillAsync();
                        await first.StartAgainAsync();
                        break;
                    case "lame-duck":
                        first.Send(Signal.LameDuck);
                        break;
                    default:
                        Assert.Fail($"The scenario asks for '{action}'.");
                        break;
                }
            });
    }

    private async Task RunAsync(ServerKind kind, string scenario, ServerOptions options, IReadOnlyList<string> checks)
    {
        ServerProcess server = await servers.GetAsync(kind, options);
        Launch program = await LibnatsProgram.ForAsync(scenario, server.Url);
        await ScenarioRun.AssertPassesAsync(options.Tls ? TlsFiles.Trusting(program) : program, checks);
    }
}

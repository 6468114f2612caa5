using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Servers;

public sealed class ConnectTests(SharedServers servers) : ServerTest(servers)
{
    private readonly SharedServers _servers = servers;

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task The_first_server_that_answers_is_taken(string kind)
    {
        ServerAddress dead = new("127.0.0.1", FreePorts.Take());
        ServerAddress live = ServerAddress.Parse((await _servers.GetAsync(kind)).Url);

        BusClient client = await ConnectAsync(kind, options => options with { Servers = [dead, live] });

        Assert.Equal(live, client.Server);
        Assert.Equal(ConnectionState.Connected, client.State);
        Assert.NotEmpty(client.ServerInfo.ServerId);
        Assert.True(client.ServerInfo.SupportsHeaders);
        Assert.NotEqual(0ul, client.ServerInfo.ClientId);
    }

    [Fact]
    public async Task Where_no_server_answers_the_error_says_why_for_each()
    {
        ServerAddress one = new("127.0.0.1", FreePorts.Take());
        ServerAddress other = new("no-such-host.invalid", 4222);

        BusConnectionException failure = await Assert.ThrowsAsync<BusConnectionException>(
            () => BusClient.ConnectAsync(new() { Servers = [one, other], ConnectTimeout = Eventually.Deadline }, Cancelled));

        Assert.Equal($"can't connect to {one}: connection refused; can't connect to {other}: host not found", failure.Message);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "the server sent an unknown operation 'HTTP/1.1'")]
    [InlineData("INFO {\"max_payload\":\r\n", "the server sent an INFO that is not valid")]
    [InlineData("INFO {\"tls_required\":true}\r\n", "the server closed the connection")]
    [InlineData("INFO {\"tls_required\":true}\r\nPING\r\n", "the server sent more before TLS than its INFO")]
    [InlineData("INFO {\"connect_urls\":null}\r\n-ERR 'Authorization Violation'\r\n", "the server says: Authorization Violation")]
    [InlineData("-ERR 'maximum connections exceeded'\r\n", "the server says: maximum connections exceeded")]
    [InlineData("", "the server closed the connection")]
    [InlineData("INFO {}\r\n", "the server closed the connection")]
    public async Task A_failed_handshake_says_what_the_server_did(string says, string expected)
    {
        await using ScriptedServer server = new();
        Task<BusClient> connecting = BusClient.ConnectAsync(
            new() { Servers = [ServerAddress.Parse(server.Url)], ConnectTimeout = Eventually.Deadline }, Cancelled);
        ScriptedServer.Connection connection = await server.AcceptAsync(Cancelled);
        await connection.SendAsync(says);
        connection.Close();

        BusConnectionException failure = await Assert.ThrowsAsync<BusConnectionException>(() => connecting.InTimeAsync());

        Assert.StartsWith($"can't connect to {server.Url}: {expected}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up_by_the_timeout_or_the_caller()
    {
        await using ScriptedServer server = new();
        BusClientOptions options = new() { Servers = [ServerAddress.Parse(server.Url)], ConnectTimeout = TimeSpan.FromMilliseconds(50) };

        BusConnectionException failure = await Assert.ThrowsAsync<BusConnectionException>(() => BusClient.ConnectAsync(options, Cancelled));
        Assert.Equal($"can't connect to {server.Url}: no answer within 0.05 s", failure.Message);

        using CancellationTokenSource impatience = new();
        Task connecting = BusClient.ConnectAsync(options with { ConnectTimeout = TimeSpan.FromMinutes(5) }, impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.InTimeAsync());
    }

    [Fact]
    public async Task A_handshake_in_single_bytes_works_and_pings_are_answered()
    {
        await using ScriptedServer server = new();
        Task<BusClient> connecting = ConnectToAsync(server.Url, options => options with { Name = "x" });
        ScriptedServer.Connection connection = await server.AcceptAsync(Cancelled);
        foreach (char c in ScriptedServer.PlainInfo)
        {
            await connection.SendAsync($"{c}");
        }

        string connect = await connection.ReadUntilAsync("PING\r\n", Cancelled);
        await connection.SendAsync("+OK\r\nPO");
        await connection.SendAsync("NG\r\n");
        BusClient client = await connecting.InTimeAsync();
        await connection.SendAsync("PING\r\n+OK\r\nPONG\r\n");

        Assert.Equal("PONG\r\n", await connection.ReadUntilAsync("\n", Cancelled));
        Assert.Contains("\"name\":\"x\"", connect, StringComparison.Ordinal);
        Assert.Equal(1000, client.ServerInfo.PayloadBytesMax);
    }

    [Fact]
    public async Task Options_are_checked()
    {
        BusClientOptions good = new();
        BusClientOptions[] bad =
        [
            good with { Servers = [] },
            good with { ConnectTimeout = TimeSpan.Zero },
            good with { RequestTimeout = TimeSpan.FromSeconds(-1) },
            good with { PingInterval = TimeSpan.Zero },
            good with { OutboundBytesMax = 0 },
            good with { Reconnect = new() { DelayMin = TimeSpan.Zero } },
            good with { Reconnect = new() { DelayMax = TimeSpan.FromMilliseconds(1) } },
            good with { Reconnect = new() { AttemptsMax = 0 } },
            good with { Reconnect = new() { StableAfter = TimeSpan.FromSeconds(-1) } },
        ];
        foreach (BusClientOptions options in bad)
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => BusClient.ConnectAsync(options, Cancelled));
        }
    }

    [Fact]
    public async Task A_refused_subscription_ends_with_the_servers_words_and_the_rest_goes_on()
    {
        const string Configuration = """
            no_auth_user: u
            accounts { A { users = [ { user: u, password: p, permissions: { publish: { deny: "no.pub" }, subscribe: { deny: "no.sub" } } } ] } }
            """;
        await using TestServer server = await TestServer.StartAsync(ServerKinds.Nats, Configuration);
        List<ClientEvent> events = [];
        BusClient client = await ConnectToAsync(server.Url, options => options with { OnEvent = events.Add });

        await using Subscription refused = await client.SubscribeAsync("no.sub", new() { QueueGroup = "q" }, Cancelled);
        await using Subscription good = await client.SubscribeAsync("yes", cancellationToken: Cancelled);
        ServerErrorException error = await Assert.ThrowsAsync<ServerErrorException>(() => ReadToEndAsync(refused).InTimeAsync());
        await client.PublishAsync("no.pub", cancellationToken: Cancelled);
        await client.PublishAsync("yes", Bytes("1"), cancellationToken: Cancelled);

        Assert.Equal(["1"], await TakeAsync(good, 1));
        Assert.Equal("Permissions Violation for Subscription to \"no.sub\" using queue \"q\"", error.Text);
        Assert.Equal(
            [new ClientEvent.ServerError(error.Text), new ClientEvent.ServerError("Permissions Violation for Publish to \"no.pub\"")], events);
        Assert.Equal(1, client.Statistics.Subscriptions);
    }

    [Fact]
    public async Task Requests_fail_with_the_servers_words_where_it_refuses_the_inbox()
    {
        const string Configuration = """
            no_auth_user: u
            accounts { A { users = [ { user: u, password: p, permissions: { subscribe: "a" } } ] } }
            """;
        await using TestServer server = await TestServer.StartAsync(ServerKinds.Nats, Configuration);
        BusClient client = await ConnectToAsync(server.Url);
        await using Subscription silent = await client.SubscribeAsync("a", cancellationToken: Cancelled);

        for (int i = 0; i < 2; i++)
        {
            ServerErrorException error = await Assert.ThrowsAsync<ServerErrorException>(
                () => client.RequestAsync("a", timeout: Eventually.Deadline, cancellationToken: Cancelled));
            Assert.StartsWith("Permissions Violation for Subscription to \"_INBOX.", error.Text, StringComparison.Ordinal);
        }
    }
}

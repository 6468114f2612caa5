using Causeway.Client.Access;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Servers;

/// <summary>
/// Logging in with a JWT, at a nats-server in operator mode: it trusts an operator, who signed the accounts, which sign their users.
/// Causeway takes no JWT.
/// </summary>
public sealed class OperatorModeTests(SharedServers servers) : ServerTest(servers)
{
    private const string Unlimited = "\"subs\":-1,\"data\":-1,\"payload\":-1";

    private readonly JwtKey _operator = new('O');
    private readonly JwtKey _account = new('A');
    private readonly JwtKey _other = new('A');
    private readonly JwtKey _user = new('U');
    private readonly TemporaryFolder _folder = new();

    private string CredentialsFile => Path.Combine(_folder.Path, "user.creds");

    [Fact]
    public async Task A_JWT_and_its_seed_log_in_from_the_options_or_from_a_file_and_what_the_JWT_allows_holds()
    {
        Assert.NotNull(NkeySeed.Read(_user.Seed));
        await using TestServer server = await StartAsync();
        string jwt = _account.Sign(_user, "ann", $"\"pub\":{{\"allow\":[\"ok.>\"]}},\"sub\":{{}},{Unlimited},\"type\":\"user\"");
        await File.WriteAllTextAsync(CredentialsFile, _user.Credentials(jwt), Cancelled);
        TaskCompletionSource<string> refused = new();
        BusClient byOptions = await ConnectToAsync(server.Url, options => options with
        {
            Credentials = ClientCredentials.ForJwt(jwt, _user.Seed),
            OnEvent = happened => _ = happened is ClientEvent.ServerError error && refused.TrySetResult(error.Text),
        });
        BusClient byFile = await ConnectToAsync(server.Url, options => options with { Credentials = ClientCredentials.ForCredentialsFile(CredentialsFile) });
        await using Subscription subscription = await byFile.SubscribeAsync(">", cancellationToken: Cancelled);
        await byFile.FlushAsync(Cancelled);

        await byOptions.PublishAsync("denied", Bytes("0"), cancellationToken: Cancelled);
        await byOptions.PublishAsync("ok.a", Bytes("1"), cancellationToken: Cancelled);

        Assert.Equal(["1"], await TakeAsync(subscription, 1));
        Assert.Equal("Permissions Violation for Publish to \"denied\"", await refused.Task.InTimeAsync());
    }

    [Fact]
    public async Task Who_has_no_JWT_of_a_trusted_account_or_not_its_key_is_refused()
    {
        await using TestServer server = await StartAsync();
        JwtKey stranger = new('A');
        string right = User(_account);
        ClientCredentials[] wrong =
        [
            ClientCredentials.ForJwt(User(stranger), _user.Seed),
            ClientCredentials.ForJwt(right, new JwtKey('U').Seed),
            ClientCredentials.ForJwt(right[..^8] + "AAAAAAAA", _user.Seed),
            ClientCredentials.ForJwt(User(_account, DateTimeOffset.UtcNow.AddMinutes(-1)), _user.Seed),
            ClientCredentials.ForNkey(_user.Seed),
            ClientCredentials.ForUser("ann", "secret"),
        ];

        foreach (ClientCredentials credentials in wrong)
        {
            BusConnectionException fault = await Assert.ThrowsAsync<BusConnectionException>(
                () => ConnectToAsync(server.Url, options => options with { Credentials = credentials }));
            Assert.Equal($"can't connect to {server.Url}: the server says: Authorization Violation", fault.Message);
        }
    }

    [Fact]
    public async Task Accounts_are_apart_and_a_JWT_that_runs_out_is_followed_by_the_one_that_the_file_has_by_then()
    {
        await using TestServer server = await StartAsync();

        // Long enough to log in with it on a busy machine; JWTs end at a whole second.
        await File.WriteAllTextAsync(CredentialsFile, _user.Credentials(User(_account, DateTimeOffset.UtcNow.AddSeconds(8))), Cancelled);
        BusClient client = await ConnectToAsync(server.Url, options => options with
        {
            Credentials = ClientCredentials.ForCredentialsFile(CredentialsFile),
            Reconnect = new() { DelayMin = TimeSpan.FromMilliseconds(5), DelayMax = TimeSpan.FromMilliseconds(50) },
        });
        await File.WriteAllTextAsync(CredentialsFile, _user.Credentials(User(_account)), Cancelled);
        BusClient apart = await ConnectToAsync(server.Url, options => options with { Credentials = ClientCredentials.ForJwt(User(_other), _user.Seed) });
        await using Subscription subscription = await client.SubscribeAsync("a", cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);

        await Eventually.TrueAsync(() => client.Statistics.Reconnects == 1);
        await apart.PublishAsync("a", Bytes("0"), cancellationToken: Cancelled);
        await apart.FlushAsync(Cancelled);
        await client.PublishAsync("a", Bytes("1"), cancellationToken: Cancelled);

        Assert.Equal(["1"], await TakeAsync(subscription, 1));
    }

    protected override async ValueTask CloseAsync()
    {
        await base.CloseAsync();
        _folder.Dispose();
    }

    private string User(JwtKey account, DateTimeOffset? expires = null) => account.Sign(_user, "ann", $"\"pub\":{{}},\"sub\":{{}},{Unlimited},\"type\":\"user\"", expires);

    private Task<TestServer> StartAsync() => TestServer.StartAsync(
        ServerKinds.Nats,
        $$"""
        authorization { timeout: 60 }
        operator: "{{_operator.Sign(_operator, "causeway-test", "\"type\":\"operator\"")}}"
        resolver: MEMORY
        resolver_preload: {
          {{_account.PublicKey}}: "{{Account(_account, "ONE")}}"
          {{_other.PublicKey}}: "{{Account(_other, "TWO")}}"
        }
        """);

    private string Account(JwtKey account, string name) => _operator.Sign(
        account,
        name,
        $"\"limits\":{{{Unlimited},\"imports\":-1,\"exports\":-1,\"wildcards\":true,\"conn\":-1,\"leaf\":-1}},\"default_permissions\":{{\"pub\":{{}},\"sub\":{{}}}},\"type\":\"account\"");
}

using System.Text.Json;
using Causeway.Client.Access;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Servers;

/// <summary>Logging in with a user or a token, from the options or from the address.</summary>
public sealed class LoginTests(SharedServers servers) : ServerTest(servers)
{
    private const string Seed = "SUAEL2E6CT66OQFWX6WEI52UVBREN2WZCPQAVRGKFFBB7TJ3ELG5GKAFWY";
    private const string PublicKey = "UCBNTJAI4VSUTOXNPA7PIREZUTMDIQ4BRQMYSGFUYAWSCNCAMHSSDG75";

    // The example of github.com/nats-io/nkeys.
    private const string OtherSeed = "SUAMK2FG4MI6UE3ACF3FK3OIQBCEIEZV7NSWFFEW63UXMRLFM2XLAXK4GY";

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_user_logs_in_and_what_is_wrong_is_told_without_the_password(string kind)
    {
        await using TestServer server = await TestServer.StartAsync(kind, "authorization { user: ann, password: \"se:cret\", timeout: 60 }");
        string address = server.Url["nats://".Length..];
        BusClient byAddress = await ConnectToAsync($"nats://ann:se%3Acret@{address}");
        BusClient byOptions = await ConnectToAsync(server.Url, options => options with { Credentials = ClientCredentials.ForUser("ann", "se:cret") });
        await byAddress.FlushAsync(Cancelled);
        await byOptions.FlushAsync(Cancelled);

        BusConnectionException wrong = await Assert.ThrowsAsync<BusConnectionException>(() => ConnectToAsync($"nats://ann:wr0ng@{address}"));
        Assert.Equal($"can't connect to {server.Url}: the server says: Authorization Violation", wrong.Message);
        await Assert.ThrowsAsync<BusConnectionException>(() => ConnectToAsync(server.Url));
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_token_logs_in(string kind)
    {
        await using TestServer server = await TestServer.StartAsync(kind, "authorization { token: t0ken, timeout: 60 }");
        BusClient byAddress = await ConnectToAsync(server.Url.Replace("nats://", "nats://t0ken@", StringComparison.Ordinal));
        BusClient byOptions = await ConnectToAsync(server.Url, options => options with { Credentials = ClientCredentials.ForToken("t0ken") });
        await byAddress.FlushAsync(Cancelled);
        await byOptions.FlushAsync(Cancelled);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task An_nkey_logs_in_by_its_seed_or_from_a_file_and_is_never_sent(string kind)
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "user.nk");
        await File.WriteAllTextAsync(file, $"# the user\n{Seed}\n", Cancelled);
        await using TestServer server = await TestServer.StartAsync(kind, $$"""authorization { users = [ { nkey: {{PublicKey}} } ], timeout: 60 }""");
        BusClient bySeed = await ConnectToAsync(server.Url, options => options with { Credentials = ClientCredentials.ForNkey(Seed) });
        BusClient byFile = await ConnectToAsync(server.Url, options => options with { Credentials = ClientCredentials.ForNkeyFile(file) });
        await bySeed.FlushAsync(Cancelled);
        await byFile.FlushAsync(Cancelled);

        BusConnectionException wrong = await Assert.ThrowsAsync<BusConnectionException>(
            () => ConnectToAsync(server.Url, options => options with { Credentials = ClientCredentials.ForNkey(OtherSeed) }));
        Assert.Equal($"can't connect to {server.Url}: the server says: Authorization Violation", wrong.Message);
    }

    [Fact]
    public async Task A_JWT_is_sent_with_a_signature_of_the_nonce_by_its_nkey()
    {
        const string Jwt = "eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiJVIn0.c2ln";
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "user.creds");
        await File.WriteAllTextAsync(
            file,
            $"-----BEGIN NATS USER JWT-----\n{Jwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n{Seed}\n------END USER NKEY SEED------\n",
            Cancelled);
        foreach (ClientCredentials credentials in new[] { ClientCredentials.ForJwt(Jwt, Seed), ClientCredentials.ForCredentialsFile(file) })
        {
            await using ScriptedServer server = new();
            Task<BusClient> connecting = ConnectToAsync(server.Url, options => options with { Credentials = credentials, Reconnect = null });
            ScriptedServer.Connection connection = await server.AcceptAsync(Cancelled);
            await connection.SendAsync("INFO {\"nonce\":\"n0nce\",\"auth_required\":true}\r\n");
            string connect = await connection.ReadUntilAsync("PING\r\n", Cancelled);
            await connection.SendAsync("PONG\r\n");
            await connecting.InTimeAsync();

            using JsonDocument sent = JsonDocument.Parse(connect["CONNECT ".Length..connect.IndexOf('\r', StringComparison.Ordinal)]);
            Assert.Equal(Jwt, sent.RootElement.GetProperty("jwt").GetString());
            Assert.Equal(NkeySeed.Read(Seed)!.Sign("n0nce"), sent.RootElement.GetProperty("sig").GetString());
            Assert.False(sent.RootElement.TryGetProperty("nkey", out _));
            Assert.DoesNotContain(Seed, connect, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_no_seed_and_what_is_no_file_are_told_without_the_secret()
    {
        foreach (string wrong in new[] { PublicKey, Seed[..^1] + "A", Seed[..^1], "SA" + Seed[2..], "secret" })
        {
            ArgumentException fault = Assert.Throws<ArgumentException>(() => ClientCredentials.ForNkey(wrong));
            Assert.DoesNotContain(wrong, fault.Message, StringComparison.Ordinal);
        }

        await using ScriptedServer server = new();
        Task<BusClient> connecting = ConnectToAsync(server.Url, options => options with { Credentials = ClientCredentials.ForNkey(Seed) });
        await (await server.AcceptAsync(Cancelled)).SendAsync("INFO {}\r\n");
        BusConnectionException none = await Assert.ThrowsAsync<BusConnectionException>(() => connecting.InTimeAsync());
        Assert.Equal($"can't connect to {server.Url}: the server gives no nonce to sign: it takes no nkeys", none.Message);

        Task<BusClient> other = ConnectToAsync(server.Url, options => options with { Credentials = ClientCredentials.ForNkeyFile("no.such.file") });
        await (await server.AcceptAsync(Cancelled)).SendAsync("INFO {\"nonce\":\"x\"}\r\n");
        BusConnectionException absent = await Assert.ThrowsAsync<BusConnectionException>(() => other.InTimeAsync());
        Assert.StartsWith($"can't connect to {server.Url}: 'no.such.file' can't be read", absent.Message, StringComparison.Ordinal);
    }
}

using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Servers;

/// <summary>Logging in with a user or a token, from the options or from the address.</summary>
public sealed class LoginTests(SharedServers servers) : ServerTest(servers)
{
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_user_logs_in_and_what_is_wrong_is_told_without_the_password(string kind)
    {
        await using TestServer server = await TestServer.StartAsync(kind, "authorization { user: ann, password: \"se:cret\" }");
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
        await using TestServer server = await TestServer.StartAsync(kind, "authorization { token: t0ken }");
        BusClient byAddress = await ConnectToAsync(server.Url.Replace("nats://", "nats://t0ken@", StringComparison.Ordinal));
        BusClient byOptions = await ConnectToAsync(server.Url, options => options with { Credentials = ClientCredentials.ForToken("t0ken") });
        await byAddress.FlushAsync(Cancelled);
        await byOptions.FlushAsync(Cancelled);
    }
}

using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Causeway.Bus.Tests.Support;
using Causeway.Bus.Tests.Tls;
using Causeway.Bus.Tls;
using Causeway.Core.Access;
using Causeway.Core.Routing;
using Xunit;

namespace Causeway.Bus.Tests.WebSockets;

/// <summary>TLS beneath WebSockets: who has to show which certificate, whom it names, and other certificates without a restart.</summary>
public sealed class SecureWebSocketTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Only_a_certificate_of_the_right_authority_lets_a_client_in()
    {
        using TestAuthority other = new("CN=Other Authority");
        TestNode node = Start(options => options with { Verify = true });
        using (WebSocketClient client = await ConnectAsync(node, _authority.Issue("CN=anybody")))
        {
            Assert.Equal("PONG", await client.LineAsync());
        }

        await ToldToShowOneAsync(node);
        await RefusedAsync(node, other.Issue("CN=anybody"));

        // The client library tries several times before it gives up.
        await Eventually.TrueAsync(() => node.Bus.WebSockets!.UnderWay == 0 && node.Bus.WebSockets.Failed + 1 == node.Bus.WebSockets.Tls!.Failed, Eventually.Deadline);
        Assert.Equal((2, 1), (node.Bus.WebSockets!.Done, node.Bus.WebSockets.Tls!.Done));
        Assert.InRange(node.Bus.WebSockets.Failed, 1, 20);
        await node.EndAsync();
    }

    [Fact]
    public async Task A_certificate_names_its_user_and_a_password_does_not_count()
    {
        TestNode node = Start(options => options with { VerifyAndMap = true }, "svc.example.org");
        using (WebSocketClient client = await ConnectAsync(node, _authority.Issue("CN=x", names => names.AddDnsName("svc.example.org")), "{\"user\":\"other\",\"pass\":\"wrong\"}"))
        {
            Assert.Equal("+OK", await client.LineAsync());
            Assert.Equal("PONG", await client.LineAsync());
            Assert.Equal("svc.example.org", Assert.Single(node.Bus.Connections.Open).Session.User?.Name);
        }

        using (WebSocketClient stranger = await ConnectAsync(node, _authority.Issue("CN=stranger"), "{\"user\":\"svc.example.org\",\"pass\":\"secret\"}"))
        {
            Assert.Equal("-ERR 'Authorization Violation'", await stranger.LineAsync());
            Assert.Equal(WebSocketCloseStatus.PolicyViolation, await stranger.ClosedAsync());
        }

        // Who comes in clear over TCP has no certificate, and is who the password says.
        TestClient plain = await node.OpenAsync();
        await plain.SendAsync("CONNECT {\"verbose\":false,\"user\":\"svc.example.org\",\"pass\":\"secret\"}\r\n");
        await plain.FlushAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task Other_certificates_hold_for_those_who_come_while_those_who_are_there_stay()
    {
        TestNode node = Start();
        using WebSocketClient first = await ConnectAsync(node);
        Assert.Equal("PONG", await first.LineAsync());
        _authority.Write("server", _authority.Issue("CN=renewed", names => names.AddIpAddress(IPAddress.Loopback)));

        node.Bus.Reconfigure(node.Bus.Options);

        Assert.Equal("CN=renewed", await ShownAsync(node));
        node.Bus.Reconfigure(node.Bus.Options with { WebSocket = node.Bus.Options.WebSocket! with { Tls = _authority.Options with { Verify = true } } });
        await ToldToShowOneAsync(node);
        using (WebSocketClient named = await ConnectAsync(node, _authority.Issue("CN=anybody")))
        {
            Assert.Equal("PONG", await named.LineAsync());
        }

        await File.WriteAllTextAsync(_authority.PathOf("server.pem"), "no certificate", Token);
        Assert.Throws<ArgumentException>(() => node.Bus.Reconfigure(node.Bus.Options));
        using (WebSocketClient named = await ConnectAsync(node, _authority.Issue("CN=anybody")))
        {
            Assert.Equal("PONG", await named.LineAsync());
        }

        await first.SendAsync("PING\r\n");
        Assert.Equal("PONG", await first.LineAsync());
        first.Dispose();
        await node.EndAsync();
    }

    private static async Task<string> ShownAsync(TestNode node)
    {
        string shown = "";
        using WebSocketClient client = await WebSocketClient.ConnectAsync(node.Bus.WebSocketAddress!, secure: true, options => options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            shown = certificate!.Subject;
            return certificate.Issuer == "CN=Test Authority";
        });
        Assert.Equal("PONG", await client.LineAsync());
        return shown;
    }

    private static Task<WebSocketClient> ConnectAsync(TestNode node, X509Certificate2? certificate = null, string connect = "{\"verbose\":false}") =>
        WebSocketClient.ConnectAsync(node.Bus.WebSocketAddress!, secure: true, options => options.ClientCertificates = certificate is null ? [] : [certificate], connect);

    /// <summary>Who shows no certificate is let in so far that it can be told why it is not.</summary>
    private static async Task ToldToShowOneAsync(TestNode node)
    {
        using WebSocketClient client = await ConnectAsync(node);
        Assert.Equal("-ERR 'TLS Client Certificate Required'", await client.LineAsync());
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await client.ClosedAsync());
    }

    /// <summary>With TLS 1.3 a client learns only at its first read that its certificate was not accepted.</summary>
    private static Task<WebSocketException> RefusedAsync(TestNode node, X509Certificate2 certificate) => Assert.ThrowsAnyAsync<WebSocketException>(async () =>
    {
        using WebSocketClient client = await ConnectAsync(node, certificate);
    });

    private TestNode Start(Func<TlsOptions, TlsOptions>? change = null, string user = "") => TestNode.Start(
        access: user.Length == 0 ? null : new AccessSettings { Users = [new User { Name = user, Tenant = Tenant.DefaultName, Secret = new PlainSecret("secret", false) }] },
        configure: options => options with
        {
            WebSocket = WebSocketClient.NodeOptions with { Tls = change?.Invoke(_authority.Options) ?? _authority.Options },
        });
}

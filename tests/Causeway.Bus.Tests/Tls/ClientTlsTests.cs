using System.Security.Cryptography;
using System.Text;
using Causeway.Bus.Tests.Support;
using Causeway.Bus.Tls;
using Causeway.Core.Access;
using Causeway.Core.Clients;
using Causeway.Core.Routing;
using Xunit;

namespace Causeway.Bus.Tests.Tls;

public sealed class ClientTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task A_client_is_told_that_TLS_is_required_and_speaks_the_protocol_within_it()
    {
        TestNode node = Start();
        using (SecureClient client = await SecureClient.ConnectAsync(node.Address))
        {
            Assert.Contains("\"tls_required\":true", client.Info, StringComparison.Ordinal);
            Assert.DoesNotContain("tls_verify", client.Info, StringComparison.Ordinal);
            Assert.Equal("PONG", await client.LineAsync());
            byte[] payload = RandomNumberGenerator.GetBytes(1024 * 1024);

            await client.SendAsync($"SUB a 1\r\nPUB a {payload.Length}\r\n");
            await client.SendAsync(payload);
            await client.SendAsync("\r\n");

            Assert.Equal($"MSG a 1 {payload.Length}", await client.LineAsync());
            Assert.Equal(payload, await client.BytesAsync(payload.Length));
            ClientSession session = Assert.Single(node.Bus.Connections.Open).Session;
            Assert.Equal(("1.3", client.CipherSuite), (session.Channel!.Version, session.Channel.CipherSuite));
            Assert.InRange(session.Account.Bytes, ClientTls.ConnectionBytes, long.MaxValue);
            Assert.Equal((1, 0, 0), (node.Bus.Tls!.Done, node.Bus.Tls.Failed, node.Bus.Tls.UnderWay));
        }

        await node.EndAsync();
    }

    [Fact]
    public async Task A_thousand_messages_keep_their_order_between_a_client_with_and_one_without_TLS()
    {
        TestNode node = Start(options => options with { AllowNonTls = true });
        using SecureClient secure = await SecureClient.ConnectAsync(node.Address);
        TestClient clear = await node.ConnectAsync();
        Assert.Contains("\"tls_available\":true", clear.Info, StringComparison.Ordinal);
        Assert.DoesNotContain("tls_required", clear.Info, StringComparison.Ordinal);
        await clear.SubscribeAsync("to.clear", "1");
        await secure.SendAsync("SUB to.secure 1\r\nPING\r\n");
        Assert.Equal("PONG", await secure.LineAsync());
        Assert.Equal("PONG", await secure.LineAsync());

        await secure.SendAsync(string.Concat(Enumerable.Range(0, 1000).Select(number => $"PUB to.clear 4\r\n{number:D4}\r\n")));
        await clear.SendAsync(string.Concat(Enumerable.Range(0, 1000).Select(number => $"PUB to.secure 4\r\n{number:D4}\r\n")));

        for (int number = 0; number < 1000; number++)
        {
            Assert.Equal("MSG to.secure 1 4", await secure.LineAsync());
            Assert.Equal($"{number:D4}", await secure.LineAsync());
            Assert.Equal($"{number:D4}", (await clear.NextAsync()).PayloadText);
        }

        Assert.Null(node.Bus.Connections.Open.Single(open => open.Session.Port == ((System.Net.IPEndPoint)clear.Socket.LocalEndPoint!).Port).Session.Channel);
        secure.Dispose();
        await node.EndAsync();
    }

    [Fact]
    public async Task A_client_that_stays_in_clear_where_it_may_not_is_told_so_and_closed()
    {
        TestNode node = Start();
        TestClient client = await node.OpenAsync();
        await client.NextAsync();

        await client.SendAsync("CONNECT {}\r\nPING\r\n");

        Assert.Equal("-ERR 'Secure Connection - TLS Required'", (await client.NextAsync()).Text);
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.TlsRequired) == 1, Eventually.Deadline);
        await node.EndAsync();
    }

    [Fact]
    public async Task Where_the_handshake_comes_first_nothing_is_said_before_it()
    {
        TestNode node = Start(options => options with { HandshakeFirst = true });

        using (SecureClient client = await SecureClient.ConnectAsync(node.Address, first: true))
        {
            Assert.StartsWith("INFO ", client.Info, StringComparison.Ordinal);
            Assert.Equal("PONG", await client.LineAsync());
        }

        await node.EndAsync();
    }

    [Fact]
    public async Task The_last_error_arrives_within_TLS_before_the_end()
    {
        TestNode node = Start();
        using (SecureClient client = await SecureClient.ConnectAsync(node.Address))
        {
            Assert.Equal("PONG", await client.LineAsync());

            await client.SendAsync("NONSENSE\r\n");

            Assert.Equal("-ERR 'Unknown Protocol Operation'", await client.LineAsync());
            Assert.Equal("", await client.LineAsync());
        }

        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.ProtocolViolation) == 1, Eventually.Deadline);
        await node.EndAsync();
    }

    [Fact]
    public async Task Only_a_certificate_of_the_right_authority_lets_a_client_in()
    {
        using TestAuthority other = new("CN=Other Authority");
        TestNode node = Start(options => options with { Verify = true });
        using (SecureClient client = await SecureClient.ConnectAsync(node.Address, _authority.Issue("CN=anybody")))
        {
            Assert.Contains("\"tls_verify\":true", client.Info, StringComparison.Ordinal);
            Assert.Equal("PONG", await client.LineAsync());
        }

        await RefusedAsync(node, null, "-ERR 'TLS Client Certificate Required'");
        await RefusedAsync(node, other.Issue("CN=anybody"), "");

        Assert.Equal((1, 2), (node.Bus.Tls!.Done, node.Bus.Tls.Failed));
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.TlsHandshakeError) == 1 && node.ClosedFor(CloseReason.TlsCertificateMissing) == 1, Eventually.Deadline);
        await node.EndAsync();
    }

    [Theory]
    [InlineData("CN=x", "ann@example.org", "", "ann@example.org")]
    [InlineData("CN=x", "", "svc.example.org", "svc.example.org")]
    [InlineData("CN=carl,OU=ops,O=acme", "", "", "CN=carl,OU=ops,O=acme")]
    public async Task A_certificate_names_its_user_and_a_password_does_not_count(string subject, string mail, string dns, string user)
    {
        TestNode node = Start(options => options with { VerifyAndMap = true }, user);
        using (SecureClient client = await SecureClient.ConnectAsync(node.Address, Certificate(subject, mail, dns), "{\"user\":\"other\",\"pass\":\"wrong\"}"))
        {
            Assert.Equal("+OK", await client.LineAsync());
            Assert.Equal("PONG", await client.LineAsync());
            Assert.Equal(user, Assert.Single(node.Bus.Connections.Open).Session.User?.Name);
        }

        using (SecureClient stranger = await SecureClient.ConnectAsync(node.Address, _authority.Issue("CN=stranger"), $"{{\"user\":\"{user}\",\"pass\":\"secret\"}}"))
        {
            Assert.Equal("-ERR 'Authorization Violation'", await stranger.LineAsync());
        }

        await node.EndAsync();
    }

    [Fact]
    public async Task A_client_that_stops_reading_is_a_slow_consumer_with_TLS_too()
    {
        TestNode node = TestNode.Start(new Causeway.Core.Limits { MaxPendingBytes = 1024 * 1024, PausePendingBytes = 1024 * 1024 }, configure: options => options with { Tls = _authority.Options with { AllowNonTls = true } });
        using (SecureClient slow = await SecureClient.ConnectAsync(node.Address))
        {
            Assert.Equal("PONG", await slow.LineAsync());
            await slow.SendAsync("SUB a 1\r\nPING\r\n");
            Assert.Equal("PONG", await slow.LineAsync());
            TestClient publisher = await node.ConnectAsync();
            byte[] message = Encoding.ASCII.GetBytes($"PUB a 65536\r\n{new string('x', 65536)}\r\n");

            for (int i = 0; i < 1000 && node.ClosedFor(CloseReason.SlowConsumerPendingBytes) == 0; i++)
            {
                await publisher.SendAsync(message);
            }

            await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.SlowConsumerPendingBytes) == 1, Eventually.Deadline);
        }

        await node.EndAsync();
    }

    private TestNode Start(Func<TlsOptions, TlsOptions>? change = null, string user = "") => TestNode.Start(
        access: user.Length == 0 ? null : new AccessSettings
        {
            MapsCertificates = true,
            Users = [new User { Name = user, Tenant = Tenant.DefaultName, Secret = new PlainSecret("secret", false) }],
        },
        configure: options => options with { Tls = change?.Invoke(_authority.Options) ?? _authority.Options });

    private System.Security.Cryptography.X509Certificates.X509Certificate2 Certificate(string subject, string mail, string dns) =>
        _authority.Issue(subject, mail.Length + dns.Length == 0 ? null : names =>
        {
            if (mail.Length > 0)
            {
                names.AddEmailAddress(mail);
            }
            else
            {
                names.AddDnsName(dns);
            }
        });

    private static async Task RefusedAsync(TestNode node, System.Security.Cryptography.X509Certificates.X509Certificate2? certificate, string expected)
    {
        long failed = node.Bus.Tls!.Failed;
        using SecureClient client = await SecureClient.OpenAsync(node.Address);
        try
        {
            await client.SecureAsync(certificate);

            // With TLS 1.3 the client is done before the node has seen its certificate.
            await client.SendAsync("CONNECT {}\r\nPING\r\n");
            Assert.Equal(expected, await client.LineAsync());
            Assert.Equal("", await client.LineAsync());
        }
        catch (Exception fault) when (fault is IOException or System.Security.Authentication.AuthenticationException)
        {
            // Refused within the handshake.
        }

        await Eventually.TrueAsync(() => node.Bus.Tls.Failed == failed + 1, Eventually.Deadline);
    }
}

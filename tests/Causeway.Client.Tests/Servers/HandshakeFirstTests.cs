using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Servers;

/// <summary>
/// TLS before the server's first line: against Causeway, and a server of the test that looks at what comes. Debian's nats-server (2.9.10)
/// does not have it yet for clients.
/// </summary>
public sealed class HandshakeFirstTests(SharedServers servers) : ServerTest(servers)
{
    [Fact]
    public async Task TLS_begins_before_INFO_where_the_options_say_so()
    {
        using Certificates certificates = new();
        (string certificate, string key) = certificates.Issue("localhost");
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<string> served = ServeAsync(listener, certificate, key);

        BusClient client = await ConnectToAsync(
            $"tls://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}",
            options => options with { Tls = new() { CaFile = certificates.CaFile, HandshakeFirst = true }, Reconnect = null });

        Assert.Contains("\"tls_required\":true", await served.InTimeAsync(), StringComparison.Ordinal);
        Assert.Equal("S", client.ServerInfo.ServerId);
    }

    [Fact]
    public async Task Causeway_takes_clients_whose_TLS_comes_first_and_they_come_back_after_a_crash()
    {
        using Certificates certificates = new();
        (string certificate, string key) = certificates.Issue("localhost");
        (string own, string ownKey) = certificates.Issue("ann");
        await using TestServer server = await TestServer.StartAsync(
            ServerKinds.Causeway,
            $$"""tls { cert_file: "{{certificate}}", key_file: "{{key}}", ca_file: "{{certificates.CaFile}}", verify: true, timeout: 60, handshake_first: true }""");
        ClientTlsOptions tls = new() { CaFile = certificates.CaFile, CertificateFile = own, KeyFile = ownKey, HandshakeFirst = true };
        BusClient client = await ConnectToAsync(server.Url, options => options with
        {
            Tls = tls,
            Reconnect = new() { DelayMin = TimeSpan.FromMilliseconds(5), DelayMax = TimeSpan.FromMilliseconds(50) },
        });
        await using Subscription subscription = await client.SubscribeAsync("a", cancellationToken: Cancelled);
        await client.PublishAsync("a", Bytes("1"), cancellationToken: Cancelled);
        Assert.Equal(["1"], await TakeAsync(subscription, 1));

        await server.StopAsync();
        await Eventually.TrueAsync(() => client.State == ConnectionState.Reconnecting);
        await server.StartAsync();
        await client.PublishAsync("a", Bytes("2"), cancellationToken: Cancelled);
        Assert.Equal(["2"], await TakeAsync(subscription, 1));

        await FailsAsync(server.Url, tls with { CertificateFile = null, KeyFile = null }, "the server says: TLS Client Certificate Required");
        await FailsAsync(server.Url, tls with { CaFile = null }, "the server's certificate is not trusted (PartialChain)");
    }

    private async Task FailsAsync(string url, ClientTlsOptions tls, string expected)
    {
        BusConnectionException failure = await Assert.ThrowsAsync<BusConnectionException>(() => ConnectToAsync(url, options => options with { Tls = tls }));
        Assert.Equal($"can't connect to {url}: {expected}", failure.Message);
    }

    private static async Task<string> ServeAsync(TcpListener listener, string certificate, string key)
    {
        using Socket socket = await listener.AcceptSocketAsync(Cancelled);
        using X509Certificate2 shown = X509Certificate2.CreateFromPemFile(certificate, key);
        await using SslStream stream = new(new NetworkStream(socket));
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = shown }, Cancelled);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(ScriptedServer.PlainInfo), Cancelled);
        byte[] buffer = new byte[4096];
        StringBuilder text = new();
        while (!text.ToString().EndsWith("PING\r\n", StringComparison.Ordinal))
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, Cancelled)));
        }

        await stream.WriteAsync("PONG\r\n"u8.ToArray(), Cancelled);
        return text.ToString();
    }
}

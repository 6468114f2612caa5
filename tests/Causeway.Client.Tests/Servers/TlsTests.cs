using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Servers;

/// <summary>TLS with servers that demand it, that check the client's certificate, and that show a certificate which is not to be trusted.</summary>
public sealed class TlsTests(SharedServers servers) : ServerTest(servers)
{
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_server_that_demands_TLS_gets_it_whatever_the_scheme_and_messages_pass(string kind)
    {
        using Certificates certificates = new();
        await using TestServer server = await StartAsync(kind, certificates.Issue("localhost"));
        foreach (string url in new[] { server.Url, Tls(server) })
        {
            BusClient client = await ConnectToAsync(url, options => options with { Tls = new() { CaFile = certificates.CaFile } });
            await using Subscription subscription = await client.SubscribeAsync("a", cancellationToken: Cancelled);
            byte[] large = new byte[300_000];
            Random.Shared.NextBytes(large);
            await client.PublishAsync("a", large, cancellationToken: Cancelled);
            await foreach (Message message in subscription.WithCancellation(Cancelled))
            {
                Assert.Equal(large, message.Data.ToArray());
                break;
            }

            Assert.Equal(url, client.Server.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_certificate_that_is_not_to_be_trusted_is_refused_with_the_reason(string kind)
    {
        using Certificates certificates = new();
        using Certificates strangers = new();
        await using TestServer server = await StartAsync(kind, certificates.Issue("bus.example"));

        await FailsAsync(server.Url, null, "the server's certificate is not trusted (PartialChain)");
        await FailsAsync(server.Url, new() { CaFile = strangers.CaFile }, "the server's certificate is not trusted (PartialChain)");
        await FailsAsync(server.Url, new() { CaFile = certificates.CaFile, ServerName = "other.example" }, "the server's certificate is not for 'other.example'");
        await FailsAsync(server.Url, new() { CaFile = certificates.CaFile, Validation = (_, _, _, _) => false }, "the server's certificate is refused by the validation that the options name");
        BusClient named = await ConnectToAsync(server.Url, options => options with { Tls = new() { CaFile = certificates.CaFile, ServerName = "bus.example" } });
        BusClient judged = await ConnectToAsync(server.Url, options => options with { Tls = new() { Validation = (_, certificate, _, _) => certificate!.Subject == "CN=bus.example" } });
        await named.FlushAsync(Cancelled);
        await judged.FlushAsync(Cancelled);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_certificate_that_has_expired_is_refused(string kind)
    {
        using Certificates certificates = new();
        await using TestServer server = await StartAsync(kind, certificates.Issue("localhost", expiresInDays: 0));
        await FailsAsync(server.Url, new() { CaFile = certificates.CaFile }, "the server's certificate is not trusted (NotTimeValid)");
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_server_that_wants_a_certificate_of_the_client_takes_it_from_files_or_from_the_options(string kind)
    {
        using Certificates certificates = new();
        (string certificate, string key) = certificates.Issue("ann");
        await using TestServer server = await StartAsync(kind, certificates.Issue("localhost"), $"ca_file: \"{certificates.CaFile}\", verify: true");
        ClientTlsOptions tls = new() { CaFile = certificates.CaFile };

        BusClient byFiles = await ConnectToAsync(server.Url, options => options with { Tls = tls with { CertificateFile = certificate, KeyFile = key } });
        await byFiles.FlushAsync(Cancelled);
        using X509Certificate2 loaded = X509Certificate2.CreateFromPemFile(certificate, key);
        BusClient byOptions = await ConnectToAsync(server.Url, options => options with { Tls = tls with { Certificate = loaded } });
        await byOptions.FlushAsync(Cancelled);

        BusConnectionException without = await Assert.ThrowsAsync<BusConnectionException>(() => ConnectToAsync(server.Url, options => options with { Tls = tls }));
        // nats-server sends an alert, Causeway, whose TLS can't, an error of the protocol.
        string told = kind == ServerKinds.Nats ? "TLS failed: .*alert.*certificate" : "the server says: TLS Client Certificate Required$";
        Assert.Matches($"^can't connect to {Regex.Escape(server.Url)}: {told}", without.Message);
        await FailsAsync(server.Url, tls with { CertificateFile = key }, $"'{key}' has no certificate with a private key in PEM form");
        await FailsAsync(server.Url, tls with { CaFile = key }, $"'{key}' has no certificate in PEM form");
        string absent = certificate + ".absent";
        await FailsAsync(server.Url, tls with { CaFile = absent }, $"'{absent}' can't be read: Could not find file '{absent}'.");
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_server_without_TLS_is_refused_where_the_client_demands_it(string kind)
    {
        await using TestServer server = await TestServer.StartAsync(kind);
        await FailsAsync(server.Url, new(), "the server offers no TLS, which the client demands");
        await FailsAsync(Tls(server), null, "the server offers no TLS, which the client demands");
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task After_a_crash_the_client_comes_back_with_TLS_and_the_certificate_that_the_file_has_by_then(string kind)
    {
        using Certificates certificates = new();
        (string certificate, string key) = certificates.Issue("ann");
        await using TestServer server = await StartAsync(kind, certificates.Issue("localhost"), $"ca_file: \"{certificates.CaFile}\", verify: true");
        BusClient client = await ConnectToAsync(server.Url, options => options with
        {
            Tls = new() { CaFile = certificates.CaFile, CertificateFile = certificate, KeyFile = key },
            Reconnect = new() { DelayMin = TimeSpan.FromMilliseconds(5), DelayMax = TimeSpan.FromMilliseconds(50) },
        });
        await using Subscription subscription = await client.SubscribeAsync("a", cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);

        await server.StopAsync();
        await Eventually.TrueAsync(() => client.State == ConnectionState.Reconnecting);
        (string newer, string newerKey) = certificates.Issue("ann");
        File.Copy(newer, certificate, overwrite: true);
        File.Copy(newerKey, key, overwrite: true);
        await server.StartAsync();
        await client.PublishAsync("a", Bytes("1"), cancellationToken: Cancelled);

        Assert.Equal(["1"], await TakeAsync(subscription, 1));
        Assert.Equal(1, client.Statistics.Reconnects);
    }

    [Fact]
    public async Task Options_that_contradict_are_refused()
    {
        using Certificates certificates = new();
        ClientTlsOptions[] bad =
        [
            new() { CaFile = "a", Authorities = [] },
            new() { KeyFile = "a" },
            new() { CertificateFile = "a", Certificate = X509CertificateLoader.LoadCertificateFromFile(certificates.CaFile) },
            new() { Certificate = X509CertificateLoader.LoadCertificateFromFile(certificates.CaFile) },
        ];
        foreach (ClientTlsOptions options in bad)
        {
            await Assert.ThrowsAsync<ArgumentException>(() => BusClient.ConnectAsync(new() { Tls = options }, Cancelled));
        }

        await Assert.ThrowsAsync<ArgumentException>(
            () => BusClient.ConnectAsync(new() { Tls = new(), Servers = [ServerAddress.Parse("ws://127.0.0.1")] }, Cancelled));
    }

    private static string Tls(TestServer server) => server.Url.Replace("nats://", "tls://", StringComparison.Ordinal);

    private static Task<TestServer> StartAsync(string kind, (string Certificate, string Key) shown, string more = "") =>
        TestServer.StartAsync(kind, $$"""tls { cert_file: "{{shown.Certificate}}", key_file: "{{shown.Key}}", timeout: 60, {{more}} }""");

    private async Task FailsAsync(string url, ClientTlsOptions? tls, string expected)
    {
        BusConnectionException failure = await Assert.ThrowsAsync<BusConnectionException>(() => ConnectToAsync(url, options => options with { Tls = tls }));
        Assert.Equal($"can't connect to {url}: {expected}", failure.Message);
    }
}

using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Causeway.Cli.Tests.Inspect;
using Causeway.Client;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Serve;

/// <summary>What SIGHUP changes for clients that are there: the protocol's trace, and the certificates beneath WebSockets.</summary>
public sealed partial class LiveChangeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_protocol_is_traced_and_not_traced_again()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "f.conf");
        await File.WriteAllTextAsync(file, "trace: false\n", Cancelled);
        await using InspectedNode node = await InspectedNode.StartAsync("r", "", "-c", file);
        await using BusClient client = await BusClient.ConnectAsync(new BusClientOptions { Servers = [ServerAddress.Parse($"nats://{node.Clients}")], ConnectTimeout = Eventually.Deadline }, Cancelled);
        await PublishAsync(client, "before");

        await ReloadAsync(node, file, "trace: true\nmax_traced_msg_len: 3\n", 1);
        await PublishAsync(client, "during");
        await Eventually.TrueAsync(() => node.Errors.Any(line => line.Contains("- <<- [PUB during 5]", StringComparison.Ordinal)), string.Join('|', node.Errors));
        await Eventually.TrueAsync(() => node.Errors.Any(line => line.Contains("- <<- MSG_PAYLOAD: [\"hel...\"]", StringComparison.Ordinal)), string.Join('|', node.Errors));

        await ReloadAsync(node, file, "trace: false\ndebug: true\n", 2);
        await PublishAsync(client, "after");
        await client.DisposeAsync();
        await Eventually.TrueAsync(() => node.Errors.Any(line => line.Contains("closed: Client Closed", StringComparison.Ordinal)), string.Join('|', node.Errors));

        Assert.DoesNotContain(node.Errors, line => line.Contains("[PUB before", StringComparison.Ordinal) || line.Contains("[PUB after", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_certificates_beneath_WebSockets_hold_from_the_next_client_on()
    {
        using Certificates certificates = new();
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "f.conf");
        await File.WriteAllTextAsync(file, Block(certificates.Issue("first.example")), Cancelled);
        await using InspectedNode node = await InspectedNode.StartAsync("r", "", "-c", file);
        int port = int.Parse(WebSocketLine().Match(string.Join('\n', node.Errors)).Groups[1].Value, null);
        Assert.Equal("CN=first.example", await ShownAsync(port));
        await using BusClient client = await BusClient.ConnectAsync(
            new BusClientOptions { Servers = [ServerAddress.Parse($"wss://127.0.0.1:{port}")], ConnectTimeout = Eventually.Deadline, Tls = new() { CaFile = certificates.CaFile, ServerName = "first.example" } },
            Cancelled);

        await ReloadAsync(node, file, Block(certificates.Issue("second.example")), 1);

        Assert.Equal("CN=second.example", await ShownAsync(port));
        await client.FlushAsync(Cancelled);
        Assert.Equal(0, client.Statistics.Reconnects);

        await File.WriteAllTextAsync(file, Block(("/no/such.pem", "/no/such.key")), Cancelled);
        node.Send(1);
        await Eventually.TrueAsync(() => node.Errors.Any(line => line.Contains("Failed to reload", StringComparison.Ordinal) && line.Contains("/no/such.pem", StringComparison.Ordinal)), string.Join('|', node.Errors));
        Assert.Equal("CN=second.example", await ShownAsync(port));
    }

    private static string Block((string Certificate, string Key) files) =>
        $"websocket {{ listen: \"127.0.0.1:0\", handshake_timeout: 30, tls {{ cert_file: \"{files.Certificate}\", key_file: \"{files.Key}\", timeout: 30 }} }}\n";

    private static async Task PublishAsync(BusClient client, string subject)
    {
        await client.PublishAsync(subject, "hello"u8.ToArray(), cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);
    }

    private static async Task ReloadAsync(InspectedNode node, string file, string text, int reloads)
    {
        await File.WriteAllTextAsync(file, text, Cancelled);
        node.Send(1);
        await Eventually.TrueAsync(() => node.Errors.Count(line => line.Contains("Reloaded server configuration", StringComparison.Ordinal)) == reloads, string.Join('|', node.Errors));
    }

    /// <summary>The certificate that is shown to who comes now.</summary>
    private static async Task<string> ShownAsync(int port)
    {
        using TcpClient tcp = new();
        await tcp.ConnectAsync("127.0.0.1", port, Cancelled);
        string shown = "";
        await using SslStream secure = new(tcp.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, errors) =>
        {
            shown = certificate!.Subject;
            return errors == SslPolicyErrors.RemoteCertificateChainErrors;
        });
        await secure.AuthenticateAsClientAsync("127.0.0.1", (X509CertificateCollection?)null, checkCertificateRevocation: false).WaitAsync(Eventually.Deadline, Cancelled);
        return shown;
    }

    [GeneratedRegex(@"listening for WebSockets on 127\.0\.0\.1:(\d+)")]
    private static partial Regex WebSocketLine();
}

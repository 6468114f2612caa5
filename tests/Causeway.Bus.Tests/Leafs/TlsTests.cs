using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Causeway.Bus.Leafs;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Access;
using Causeway.Core.Leafs;
using Xunit;
using static Causeway.Bus.Tests.Leafs.LeafHarness;

namespace Causeway.Bus.Tests.Leafs;

/// <summary>Leaf-node connections with TLS and logins, in both roles.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("causeway-leaf").FullName;
    private readonly X509Certificate2 _authority;

    public TlsTests()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(PathOf("ca.pem"), _authority.ExportCertificatePem());
        Certify();
    }

    [Fact]
    public async Task A_hub_with_TLS_and_users_is_joined_and_one_that_can_not_be_trusted_is_not()
    {
        using NatsServer hub = await NatsServer.HubAsync(
            leafs: $"tls {{ cert_file: \"{PathOf("cert.pem")}\", key_file: \"{PathOf("key.pem")}\", ca_file: \"{PathOf("ca.pem")}\" }}, authorization {{ user: u, password: p }}");
        TestNode node = Start(Spoke(hub.LeafAddress, new LeafLogin("u", "p", ""), LeafTls.Load("", "", PathOf("ca.pem"), verifies: false)));
        await node.InStepAsync();
        await Crossing.MessagesAsync(node.Address, hub.Address);
        await Crossing.RequestsAsync(hub.Address, node.Address);

        TestNode stranger = Start(Spoke(hub.LeafAddress, new LeafLogin("u", "p", "")));
        await Eventually.TrueAsync(() => stranger.Log.Has("TLS:"));
        Assert.Equal(0, stranger.AskLeafs(leafs => leafs.Table.Opened));
        await stranger.EndAsync(countsFiles: false);
        await hub.KillAsync();
        await node.EndAsync(countsFiles: false);
    }

    [Fact]
    public async Task Leafs_with_TLS_and_users_come_in_and_others_do_not()
    {
        LeafOptions options = Hub() with
        {
            Tls = LeafTls.Load(PathOf("cert.pem"), PathOf("key.pem"), "", verifies: false),
            Access = new AccessSettings { Users = [new User { Name = "u", Tenant = "$G", Secret = new PlainSecret("p") }] },
        };
        TestNode node = Start(options);
        using NatsServer wrong = await NatsServer.LeafAsync(node.Bus.LeafAddress!, "u:no@", $"tls {{ ca_file: \"{PathOf("ca.pem")}\" }}");
        await Eventually.TrueAsync(() => node.Bus.Context.AccessCounters.RefusedLogins > 0, Eventually.Deadline, () => wrong.Log);
        Assert.Equal(0, node.AskLeafs(leafs => leafs.Table.Opened));
        await wrong.KillAsync();

        using NatsServer leaf = await NatsServer.LeafAsync(node.Bus.LeafAddress!, "u:p@", $"tls {{ ca_file: \"{PathOf("ca.pem")}\" }}");
        await node.InStepAsync();
        await Crossing.MessagesAsync(leaf.Address, node.Address);
        await Crossing.RequestsAsync(node.Address, leaf.Address);
        await leaf.KillAsync();
        await node.EndAsync(countsFiles: false);
    }

    [Fact]
    public async Task Who_never_shakes_hands_counts_among_the_connections()
    {
        const int most = 3;
        TestNode node = Start(Hub(Quick with { MaxConnections = most, HandshakeTimeout = Eventually.Deadline }) with
        {
            Tls = LeafTls.Load(PathOf("cert.pem"), PathOf("key.pem"), "", verifies: false),
        });
        List<TcpClient> idle = [];
        for (int i = 0; i < most + 1; i++)
        {
            idle.Add(new TcpClient());
            await idle[i].ConnectAsync(node.Bus.LeafAddress!, TestContext.Current.CancellationToken);
        }

        await Eventually.TrueAsync(() => node.Log.Has($"{most} leaf-node connections are there"));
        Assert.Equal(1, node.AskLeafs(leafs => leafs.TurnedAway));

        // They count no longer than they are there.
        idle.ForEach(peer => peer.Dispose());
        await Eventually.TrueAsync(() => node.AskLeafs(leafs => leafs.TurnedAway) == most + 1);
        using NatsServer leaf = await NatsServer.LeafAsync(node.Bus.LeafAddress!, "", $"tls {{ ca_file: \"{PathOf("ca.pem")}\" }}");
        await node.InStepAsync();
        await leaf.KillAsync();
        await node.EndAsync(countsFiles: false);
    }

    [Fact]
    public async Task Permissions_hold_for_a_leaf_as_for_a_client()
    {
        Permissions some = new() { PublishDeny = new SubjectSet(["secret.in"]), SubscribeDeny = [new SubscribeRule("secret.out")] };
        LeafOptions options = Hub() with
        {
            Access = new AccessSettings { Users = [new User { Name = "u", Tenant = "$G", Secret = new PlainSecret("p"), Permissions = some }] },
        };
        TestNode node = Start(options);
        using NatsServer leaf = await NatsServer.LeafAsync(node.Bus.LeafAddress!, "u:p@");
        await node.InStepAsync();
        TestClient inside = await node.SubscriberAsync("secret.>");
        using TestClient outside = await SubscriberAsync(leaf.Address, "secret.*");
        await ReachAsync(outside, inside, "secret.open");
        await ReachAsync(inside, outside, "secret.open");
        await outside.DropUntilPongAsync();
        await inside.DropUntilPongAsync();
        await outside.SendAsync("PUB secret.in 1\r\nx\r\nPUB secret.open 4\r\nopen\r\n");
        Assert.Equal("open", (await inside.MessageAsync()).PayloadText);
        await inside.SendAsync("UNSUB 1\r\nPUB secret.out 1\r\nx\r\nPUB secret.open 5\r\nopen2\r\n");
        Assert.Contains((await outside.MessageAsync()).PayloadText, (string[])["x", "open", "open2"]);
        await Eventually.TrueAsync(() => node.AskLeafs(leafs => leafs.Table.Sessions.Single().Counters.RefusedMessages) == 2);
        await leaf.KillAsync();
        await node.EndAsync(countsFiles: false);
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private void Certify()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = request.Create(_authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(PathOf("cert.pem"), signed.ExportCertificatePem());
        File.WriteAllText(PathOf("key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}

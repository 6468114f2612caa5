using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Causeway.Bus.Links;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Links;
using Xunit;

namespace Causeway.Bus.Tests.Regions;

/// <summary>Who gets a link and who is refused, with a reason in the logs of both.</summary>
public sealed class LinkRefusalTests
{
    private static readonly byte[] Secret = "a secret of a deployment"u8.ToArray();

    [Theory]
    [InlineData("deployment", "deployment 'other' is not 'causeway'")]
    [InlineData("key", "the deployment keys differ")]
    [InlineData("region", "region 'z' is expected, this is 'a'")]
    [InlineData("name", "another node of region 'a' is called 'a0'")]
    public async Task A_node_that_does_not_belong_is_refused_with_the_reason(string what, string reason)
    {
        await using TestDeployment deployment = new();
        TestNode first = await deployment.StartAsync("a0", "a", configure: links => links with { Secret = Secret });
        string address = first.Bus.LinkAddress!.ToString();
        using TestNode stranger = TestNode.Start(name: what == "name" ? "a0" : "x0", links: new LinkOptions
        {
            Region = what == "region" ? "y" : "a",
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Deployment = what == "deployment" ? "other" : "causeway",
            Secret = what == "key" ? [.. Secret, 1] : Secret,
            Peers = what == "region" ? [] : [address],
            Remotes = what == "region" ? [("z", address)] : [],
        });
        await Eventually.TrueAsync(() => stranger.Log.Has(reason), Eventually.Deadline, () => string.Join('\n', stranger.Log.Lines));
        Assert.Equal(0, await first.Bus.Mesh!.AskAsync(mesh => mesh.Links.Count));
        await stranger.EndAsync();
        await deployment.EndAsync();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: causeway\r\n\r\n")]
    [InlineData("CONNECT {}\r\nPING\r\n")]
    [InlineData("\u0005\0\0\0\u0001")]
    [InlineData("\u0030\0\0\0\u0001not the magic of a link, but as long as it says, see")]
    public async Task Who_does_not_speak_the_protocol_is_closed_and_nothing_is_left(string text)
    {
        await using TestDeployment deployment = new();
        TestNode node = await deployment.StartAsync("a0", "a", limits: new LinkLimits { HandshakeTimeout = TimeSpan.FromMilliseconds(500) });
        long before = node.Budget.Total;
        for (int i = 0; i < 20; i++)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(node.Bus.LinkAddress!, TestContext.Current.CancellationToken);
            await socket.SendAsync(Encoding.Latin1.GetBytes(text), SocketFlags.None).InTimeAsync();
            try
            {
                while (await socket.ReceiveAsync(new byte[1000], SocketFlags.None).InTimeAsync() > 0)
                {
                }
            }
            catch (SocketException)
            {
                // A reset is an end too.
            }
        }

        await Eventually.TrueAsync(() => node.Bus.Context.Budget.Total - node.Bus.Context.Pool.IdleBytes <= before);
        Assert.Equal(0, node.Bus.InternalErrors);
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Links_go_over_mutual_TLS_and_who_has_another_authority_is_refused()
    {
        using X509Certificate2 authority = Authority("one");
        using X509Certificate2 other = Authority("other");
        await using TestDeployment deployment = new();
        TestNode first = await deployment.StartAsync("a0", "a", configure: links => links with { Tls = Certified(authority) });
        TestNode second = await deployment.StartAsync("b0", "b", remotes: [("a", "a0")], configure: links => links with { Tls = Certified(authority) });
        TestClient subscriber = await second.SubscriberAsync("large");
        await Eventually.TrueAsync(() => first.Bus.Mesh!.Context.Remote.Sources.Any(source => source.IsReachable && source.Tables.Sum(table => table.Table.Literals) == 1));
        TestClient publisher = await first.ConnectAsync();
        string payload = string.Concat(Enumerable.Range(0, 100_000).Select(number => $"{number:000000000} "));
        await publisher.PublishAsync("large", payload);
        Assert.Equal(payload, (await subscriber.MessageAsync()).PayloadText);

        string address = first.Bus.LinkAddress!.ToString();
        foreach (LinkTls? tls in new[] { Certified(other), null })
        {
            using TestNode stranger = TestNode.Start(name: "x", links: new LinkOptions { Region = "x", Listen = new IPEndPoint(IPAddress.Loopback, 0), Remotes = [("a", address)], Tls = tls });
            string reason = tls is null ? "without a word: it may expect TLS" : "TLS: The remote certificate is invalid";
            await Eventually.TrueAsync(() => stranger.Log.Has($"no link with {address}: ") && stranger.Log.Has(reason), Eventually.Deadline, () => string.Join('\n', stranger.Log.Lines));
            Assert.Equal(0, await stranger.Bus.Mesh!.AskAsync(mesh => mesh.Links.Count));
        }

        await Eventually.TrueAsync(() => first.Log.Has("TLS: The remote certificate is invalid") && first.Log.Count("no link with 127.0.0.1: TLS: ") >= 2);
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Who_says_nothing_where_TLS_is_due_is_closed_in_time()
    {
        using X509Certificate2 authority = Authority("one");
        await using TestDeployment deployment = new();
        TestNode node = await deployment.StartAsync(
            "a0", "a", limits: new LinkLimits { HandshakeTimeout = TimeSpan.FromMilliseconds(500) }, configure: links => links with { Tls = Certified(authority) });
        using Socket silent = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync(node.Bus.LinkAddress!, TestContext.Current.CancellationToken);
        Assert.Equal(0, await silent.ReceiveAsync(new byte[1], SocketFlags.None).InTimeAsync());
        await Eventually.TrueAsync(() => node.Log.Has("the TLS handshake took too long"), Eventually.Deadline, () => string.Join('\n', node.Log.Lines));
        await deployment.EndAsync();
    }

    private static X509Certificate2 Authority(string name)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static LinkTls Certified(X509Certificate2 authority)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 withKey = signed.CopyWithPrivateKey(key);
        return new LinkTls(X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null), [authority]);
    }
}

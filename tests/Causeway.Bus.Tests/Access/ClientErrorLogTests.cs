using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Causeway.Bus.Tests.Support;
using Causeway.Bus.Tests.Tls;
using Causeway.Core;
using Causeway.Core.Access;
using Causeway.Core.Clients;
using Xunit;

namespace Causeway.Bus.Tests.Access;

/// <summary>What the log says of clients that do something wrong: why, who, and no more than the limit.</summary>
public sealed partial class ClientErrorLogTests
{
    [Fact]
    public async Task The_log_says_which_client_was_refused_what_and_nothing_that_it_proved_itself_with()
    {
        TestNode node = TestNode.Start(access: new AccessSettings
        {
            Users = [new User { Name = "ann", Tenant = "A", Secret = new PlainSecret("right-one"), Permissions = Denying("secret.>") }],
        });
        TestClient wrong = await node.ConnectAsync(new ClientSettings { User = "ann", Password = "wrong-one" });
        await wrong.ReadToEndAsync();
        TestClient ann = await node.ConnectAsync(new ClientSettings { User = "ann", Password = "right-one" });
        await ann.SendAsync("PUB secret.x 0\r\n\r\nPUB a\r\n");
        await ann.ReadToEndAsync();

        await Eventually.TrueAsync(() => node.Log.Count("Error: 127.0.0.1:") == 3, Eventually.Deadline);
        Assert.Matches(Refused(), node.Log.Lines.ElementAt(Index(node, "authentication error")));
        Assert.True(node.Log.Has("Permissions Violation for Publish to \"secret.x\", user \"ann\""));
        Assert.True(node.Log.Has("Protocol Violation, user \"ann\""));
        Assert.False(node.Log.Has("-one"));
        await node.EndAsync();
    }

    [Fact]
    public async Task Lines_beyond_the_limit_are_left_out_and_counted()
    {
        const int Refusals = 5000;
        TestNode node = TestNode.Start(
            new Limits { MaxClientErrorLinesPerSecond = 2 },
            access: new AccessSettings { Users = [new User { Name = "ann", Tenant = "A", Secret = new PlainSecret("p"), Permissions = Denying(">") }] });
        TestClient ann = await node.ConnectAsync(new ClientSettings { User = "ann", Password = "p" });

        await ann.SendAsync(string.Concat(Enumerable.Repeat("PUB x 0\r\n\r\n", Refusals)) + "PING\r\n");
        while ((await ann.NextAsync()).Kind != FrameKind.Pong)
        {
        }

        Assert.Equal(Refusals, node.Log.Count("Permissions Violation") + node.Bus.Errors.LeftOut);
        Assert.InRange(node.Log.Count("Permissions Violation"), 2, Refusals / 10);
        await Eventually.EqualAsync(true, async () =>
        {
            await ann.SendAsync("PUB x 0\r\n\r\n");
            return node.Log.Has(" lines about errors of clients were left out");
        });
        await node.EndAsync();
    }

    [Fact]
    public async Task The_log_says_why_a_handshake_failed()
    {
        using TestAuthority authority = new();
        TestNode node = TestNode.Start(configure: options => options with { Tls = authority.Options });
        TestClient client = await node.OpenAsync();
        await client.NextAsync();
        await client.Socket.SendAsync(new byte[] { 22, 9, 9, 0, 1, 0 });
        client.Socket.Shutdown(SocketShutdown.Send);

        await Eventually.TrueAsync(() => node.Log.Has(" - TLS handshake error: "), Eventually.Deadline);
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.TlsHandshakeError) == 1, Eventually.Deadline);
        await node.EndAsync();
    }

    [Fact]
    public async Task The_log_says_why_a_certificate_is_not_trusted()
    {
        using TestAuthority authority = new();
        using TestAuthority other = new("CN=Other Authority");
        TestNode node = TestNode.Start(configure: options => options with { Tls = authority.Options with { Verify = true } });
        try
        {
            using SecureClient client = await SecureClient.ConnectAsync(node.Address, other.Issue("CN=ann"));
            await client.LineAsync();
        }
        catch (Exception fault) when (fault is IOException or AuthenticationException)
        {
            // That it is not let in is what another test is about.
        }

        await Eventually.TrueAsync(() => node.Log.Has(" - TLS handshake error: the client's certificate is not trusted: "), Eventually.Deadline);
        await node.EndAsync();
    }

    private static Permissions Denying(string subject) => new() { PublishDeny = new SubjectSet([subject]) };

    private static int Index(TestNode node, string text) => node.Log.Lines.ToList().FindIndex(line => line.Contains(text, StringComparison.Ordinal));

    [GeneratedRegex(@"^Error: 127\.0\.0\.1:\d+ - cid:\d+ - authentication error$")]
    private static partial Regex Refused();
}

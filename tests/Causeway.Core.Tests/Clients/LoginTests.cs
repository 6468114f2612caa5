using Causeway.Core.Access;
using Causeway.Core.Clients;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Clients;

/// <summary>How a client becomes somebody, and what happens to one that does not.</summary>
public sealed class LoginTests
{
    private const string Violation = "-ERR 'Authorization Violation'\r\n";
    private const string Timeout = "-ERR 'Authentication Timeout'\r\n";
    private const string Hash = "$2a$04$Q/9IyRVxf.3Cbt0Qz2ZBMeDRdRhpBkZqAWYwdxV5LwPXkMHDUoFTC";

    private readonly LoginNode _login = new();

    private TestNode Node => _login.Node;

    [Theory]
    [InlineData("PING\r\n")]
    [InlineData("p")]
    [InlineData("PUB a 1\r\nx\r\nCONNECT {}\r\n")]
    [InlineData("+OK\r\n")]
    [InlineData("CONNECT {\"user\":\"ann\",\"pass\":\"wrong\"}\r\n")]
    [InlineData("CONNECT {\"user\":\"nobody\",\"pass\":\"a\"}\r\n")]
    [InlineData("CONNECT {\"pass\":\"a\"}\r\n")]
    [InlineData("CONNECT {\"auth_token\":\"a\"}\r\n")]
    [InlineData("CONNECT {\"user\":\"ann\",\"pass\":\"a\",\"jwt\":\"x\"}\r\n")]
    [InlineData("CONNECT {}\r\nPUB a 1\r\nx\r\n")]
    public void Whoever_proves_nothing_is_told_so_and_closed(string sent)
    {
        _login.Allow(LoginNode.Named("ann", "a"));
        TestClient client = Node.Accept();
        client.Send(sent);
        client.AssertReads(Violation);
        Assert.Equal(CloseReason.AuthenticationViolation, client.CloseReason);
        Assert.Equal(1, Node.Context.AccessCounters.RefusedLogins);
        client.Disconnect();
        Node.AssertNothingHeld();
    }

    [Fact]
    public void A_user_with_the_right_password_is_in()
    {
        _login.Allow(LoginNode.Named("ann", "a"));
        TestClient client = Node.Accept();
        client.Send("CONNECT {\"user\":\"ann\",\"pass\":\"a\"}\r\nPING\r\n");
        client.AssertReads("+OK\r\nPONG\r\n");
        Assert.Equal("ann", client.Session.User!.Name);
        client.Send("CONNECT {\"verbose\":false}\r\nPING\r\n");
        client.AssertReads("PONG\r\n");
        client.Send("CONNECT {\"user\":\"ann\",\"pass\":\"b\"}\r\n");
        client.AssertReads(Violation);
        client.Disconnect();
        Node.AssertNothingHeld();
    }

    [Fact]
    public void A_client_that_says_nothing_is_closed_after_the_timeout()
    {
        _login.Allow(LoginNode.Named("ann", "a"));
        TestClient client = Node.Accept();
        client.Send("CONNE");
        Node.Now = 1999;
        client.Session.Check(Node.Batch);
        client.AssertReads("");
        Node.Now = 2000;
        client.Session.Check(Node.Batch);
        client.Disconnect(CloseReason.AuthenticationTimeout);
        client.AssertReads(Timeout);
        Node.AssertNothingHeld();
    }

    [Fact]
    public void What_a_client_sends_behind_a_slow_login_waits_for_the_decision()
    {
        _login.Allow(new User { Name = "ann", Tenant = "$G", Secret = new BcryptSecret(Hash) });
        TestClient client = Node.Accept();
        client.Send("CONNECT {\"verbose\":false,\"user\":\"ann\",\"pass\":\"good\"}\r\nSUB a 1\r\nPUB a 2\r\nhi\r\n");
        client.AssertReads("");
        Assert.True(client.Session.IsWaiting);
        _login.Prove();
        client.GoOn();
        client.AssertReads("MSG a 1 2\r\nhi\r\n");
        client.Disconnect();
        Node.AssertNothingHeld();
    }

    [Theory]
    [InlineData("ann", "bad")]
    [InlineData("nobody", "good")]
    public void Unknown_users_are_checked_like_known_ones_and_refused(string user, string password)
    {
        _login.Allow(new User { Name = "ann", Tenant = "$G", Secret = new BcryptSecret(Hash) });
        TestClient client = Node.Accept();
        client.Send($"CONNECT {{\"user\":\"{user}\",\"pass\":\"{password}\"}}\r\nPUB a 2\r\nhi\r\n");
        Assert.Equal(1, _login.Waiting);
        _login.Prove();
        client.GoOn();
        client.AssertReads(Violation);
        client.Disconnect();
        Node.AssertNothingHeld();
    }

    [Fact]
    public void A_login_that_finds_no_place_to_wait_is_told_to_come_again()
    {
        _login.Allow(new User { Name = "ann", Tenant = "$G", Secret = new BcryptSecret(Hash) });
        _login.TakesNoMore = true;
        TestClient client = Node.Accept();
        client.Send("CONNECT {\"user\":\"ann\",\"pass\":\"good\"}\r\n");
        client.AssertReads(Timeout);
        client.Disconnect();
        Node.AssertNothingHeld();
    }

    [Fact]
    public void A_password_that_proved_itself_is_known_again_and_only_for_its_user()
    {
        _login.Allow(new User { Name = "ann", Tenant = "$G", Secret = new BcryptSecret(Hash) });
        TestClient first = _login.Connect("ann", "good");
        _login.Prove();
        first.GoOn();
        TestClient second = _login.Connect("ann", "good");
        Assert.Equal((0, "ann"), (_login.Waiting, second.Session.User!.Name));
        TestClient stranger = _login.Connect("nobody", "good");
        TestClient wrong = _login.Connect("ann", "bad");
        Assert.Equal(2, _login.Waiting);
        _login.Prove();
        foreach (TestClient refused in (TestClient[])[stranger, wrong])
        {
            refused.GoOn();
            refused.AssertReads(Violation);
        }

        foreach (TestClient client in (TestClient[])[first, second, stranger, wrong])
        {
            client.Disconnect();
        }

        Node.AssertNothingHeld();
    }

    [Fact]
    public void A_login_that_takes_too_long_ends_and_its_late_decision_does_nothing()
    {
        _login.Allow(new User { Name = "ann", Tenant = "$G", Secret = new BcryptSecret(Hash) });
        TestClient client = Node.Accept();
        client.Send("CONNECT {\"user\":\"ann\",\"pass\":\"good\"}\r\n");
        Node.Now = 2000;
        client.Session.Check(Node.Batch);
        client.Disconnect(CloseReason.AuthenticationTimeout);
        client.AssertReads(Timeout);
        _login.Prove();
        client.Session.Resume(Node.Batch);
        Node.AssertNothingHeld();
    }

    [Fact]
    public void A_user_removed_while_the_login_waits_does_not_come_in()
    {
        _login.Allow(new User { Name = "ann", Tenant = "$G", Secret = new BcryptSecret(Hash) });
        TestClient client = Node.Accept();
        client.Send("CONNECT {\"user\":\"ann\",\"pass\":\"good\"}\r\n");
        _login.Allow(LoginNode.Named("bob", "b"));
        _login.Prove();
        client.GoOn();
        client.AssertReads(Violation);
        client.Disconnect();
        Node.AssertNothingHeld();
    }

    [Fact]
    public void Who_proves_nothing_becomes_the_user_for_that()
    {
        _login.Set(new AccessSettings { Users = [LoginNode.Named("guest", "g", new Permissions { PublishAllow = new SubjectSet(["a"]) }), LoginNode.Named("ann", "a")], NoAuthUser = "guest" });
        TestClient first = Node.Accept();
        first.Send("PUB a 1\r\nx\r\nPUB b 1\r\nx\r\n");
        first.AssertReads("+OK\r\n-ERR 'Permissions Violation for Publish to \"b\"'\r\n");
        TestClient second = Node.Accept();
        second.Send("CONNECT {\"verbose\":false}\r\nPUB b 1\r\nx\r\n");
        second.AssertReads("-ERR 'Permissions Violation for Publish to \"b\"'\r\n");
        second.Send("CONNECT {\"user\":\"ann\",\"pass\":\"a\"}\r\nPUB b 1\r\nx\r\n");
        second.AssertReads("");
        TestClient third = Node.Accept();
        third.Send("CONNECT {\"pass\":\"a\"}\r\n");
        third.AssertReads(Violation);
        foreach (TestClient client in (TestClient[])[first, second, third])
        {
            client.Disconnect();
        }

        Node.AssertNothingHeld();
    }

    [Fact]
    public void Nonces_differ_for_each_client_and_each_node()
    {
        string[] nonces = [.. Enumerable.Range(1, 1000).Select(id => Node.Context.NonceFor((ulong)id))];
        Assert.Equal(1000, nonces.Distinct(StringComparer.Ordinal).Count());
        Assert.All(nonces, nonce => Assert.Equal(15, nonce.Length));
        Assert.NotEqual(nonces[0], new LoginNode(key: 9).Node.Context.NonceFor(1));
    }
}

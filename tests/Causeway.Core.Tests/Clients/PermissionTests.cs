using Causeway.Core.Access;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Clients;

/// <summary>Permissions at work between clients, and what a reload of them does.</summary>
public sealed class PermissionTests
{
    private readonly LoginNode _login = new();

    private TestNode Node => _login.Node;

    [Fact]
    public void What_is_denied_within_a_pattern_is_not_delivered_and_a_group_passes_it_on()
    {
        Permissions limited = new() { SubscribeDeny = [new SubscribeRule("in.hidden.>")] };
        _login.Allow(LoginNode.Named("ann", "a"), LoginNode.Named("lim", "l", limited));
        TestClient ann = _login.Connect("ann", "a");
        TestClient lim = _login.Connect("lim", "l");
        TestClient other = _login.Connect("ann", "a");
        lim.Send("SUB in.> 1\r\nSUB in.> q 2\r\n");
        other.Send("SUB in.> q 1\r\n");
        for (int i = 0; i < 20; i++)
        {
            ann.Send("PUB in.hidden.x 1\r\na\r\n");
        }

        lim.AssertReads("");
        other.AssertReads(string.Concat(Enumerable.Repeat("MSG in.hidden.x 1 1\r\na\r\n", 20)));
        ann.Send("PUB in.open 1\r\na\r\n");
        Assert.Contains("MSG in.open 1 1", lim.Read(), StringComparison.Ordinal);
        other.Read();
        other.Send("UNSUB 1\r\n");
        ann.Send("SUB inbox 7\r\nPUB in.hidden.x inbox 1\r\na\r\n");
        ann.AssertReads("HMSG inbox 7 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");
        End(ann, lim, other);
    }

    [Fact]
    public void A_reply_is_allowed_so_often_and_so_long_and_only_to_who_got_the_request()
    {
        Permissions replies = new() { PublishAllow = new SubjectSet([]), Responses = new ResponseRule(2, TimeSpan.FromSeconds(1)) };
        _login.Allow(LoginNode.Named("ann", "a"), LoginNode.Named("svc", "s", replies));
        TestClient ann = _login.Connect("ann", "a");
        TestClient svc = _login.Connect("svc", "s");
        svc.Send("SUB svc.* 1\r\nPUB r.1 1\r\nx\r\n");
        svc.AssertReads("-ERR 'Permissions Violation for Publish to \"r.1\"'\r\n");
        ann.Send("SUB r.> 9\r\nPUB svc.x r.1 1\r\nq\r\n");
        svc.Read();
        svc.Send("PUB r.1 1\r\n1\r\nPUB r.1 1\r\n2\r\nPUB r.1 1\r\n3\r\nPUB r.2 1\r\n4\r\n");
        svc.AssertReads("-ERR 'Permissions Violation for Publish to \"r.1\"'\r\n-ERR 'Permissions Violation for Publish to \"r.2\"'\r\n");
        ann.AssertReads("MSG r.1 9 1\r\n1\r\nMSG r.1 9 1\r\n2\r\n");

        ann.Send("PUB svc.x r.2 1\r\nq\r\n");
        svc.Read();
        Node.Now += 1001;
        svc.Send("PUB r.2 1\r\n1\r\n");
        svc.AssertReads("-ERR 'Permissions Violation for Publish to \"r.2\"'\r\n");
        End(ann, svc);
    }

    [Fact]
    public void Requests_that_wait_for_a_reply_are_bounded_and_what_is_forgotten_is_counted()
    {
        Permissions replies = new() { PublishAllow = new SubjectSet([]), Responses = ResponseRule.Default };
        _login.Allow(LoginNode.Named("ann", "a"), LoginNode.Named("svc", "s", replies));
        TestClient ann = _login.Connect("ann", "a");
        TestClient svc = _login.Connect("svc", "s");
        svc.Send("SUB svc 1\r\n");
        const int extra = 10;
        for (int i = 0; i < 4096 + extra; i++)
        {
            ann.Send($"PUB svc r.{i} 1\r\nq\r\n");
        }

        svc.Read();
        long held = svc.Session.Account.Bytes;
        svc.Send($"PUB r.{extra - 1} 1\r\n1\r\n");
        svc.AssertReads($"-ERR 'Permissions Violation for Publish to \"r.{extra - 1}\"'\r\n");
        svc.Send($"PUB r.{extra} 1\r\n1\r\n");
        svc.AssertReads("");
        Assert.InRange(held, 4096 * 64, (4096 * 64) + 16_384);
        End(ann, svc);
        Assert.Equal(extra, Node.Context.AccessCounters.ForgottenReplies);
    }

    [Fact]
    public void A_reload_ends_what_is_no_longer_allowed_and_keeps_the_rest()
    {
        _login.Allow(LoginNode.Named("ann", "a"), LoginNode.Named("bob", "b"), LoginNode.Named("eve", "e"), LoginNode.Named("cat", "c"));
        TestClient ann = _login.Connect("ann", "a");
        TestClient bob = _login.Connect("bob", "b");
        TestClient eve = _login.Connect("eve", "e");
        TestClient cat = _login.Connect("cat", "c");
        bob.Send("SUB x.1 1\r\nSUB y.1 2\r\nSUB x.> 3\r\n");

        Permissions onlyX = new() { SubscribeAllow = [new SubscribeRule("x.>")], SubscribeDeny = [new SubscribeRule("x.secret")], PublishDeny = new SubjectSet(["z"]) };
        _login.Allow(LoginNode.Named("ann", "a"), LoginNode.Named("bob", "b", onlyX), LoginNode.Named("eve", "changed"));
        foreach (TestClient client in (TestClient[])[ann, bob, eve, cat])
        {
            client.Session.Reload(Node.Batch);
        }

        Node.Batch.Flush();
        bob.AssertReads("-ERR 'Permissions Violation for Subscription to \"y.1\" (sid \"2\")'\r\n");
        Assert.Equal((false, false), (ann.Session.Ending != 0, bob.Session.Ending != 0));
        eve.Disconnect();
        cat.Disconnect();
        eve.AssertReads("-ERR 'Authorization Violation'\r\n");
        cat.AssertReads("");
        ann.Send("PUB x.1 1\r\na\r\nPUB y.1 1\r\na\r\nPUB x.secret 1\r\na\r\n");
        bob.AssertReads("MSG x.1 1 1\r\na\r\nMSG x.1 3 1\r\na\r\n");
        bob.Send("PUB z 1\r\na\r\n");
        bob.AssertReads("-ERR 'Permissions Violation for Publish to \"z\"'\r\n");
        End(ann, bob);
    }

    [Fact]
    public void Nobody_stays_for_nothing_once_a_login_is_required()
    {
        TestClient early = Node.Connect();
        _login.Allow(LoginNode.Named("ann", "a"));
        early.Session.Reload(Node.Batch);
        early.Disconnect();
        early.AssertReads("-ERR 'Authorization Violation'\r\n");
        Node.AssertNothingHeld();
    }

    [Fact]
    public void Verbose_clients_get_an_error_in_place_of_an_acknowledgement()
    {
        _login.Allow(LoginNode.Named("lim", "l", new Permissions { PublishAllow = new SubjectSet(["a"]), SubscribeAllow = [new SubscribeRule("a")] }));
        TestClient lim = _login.Connect("lim", "l");
        lim.Send("CONNECT {\"verbose\":true}\r\nPUB b 1\r\nx\r\nPUB a 1\r\nx\r\nSUB b 1\r\nSUB a q 2\r\nSUB b..c q 3\r\n");
        lim.AssertReads(
            "+OK\r\n-ERR 'Permissions Violation for Publish to \"b\"'\r\n+OK\r\n-ERR 'Permissions Violation for Subscription to \"b\"'\r\n+OK\r\n"
            + "-ERR 'Permissions Violation for Subscription to \"b..c\" using queue \"q\"'\r\n");
        Assert.Equal((1, 2), (Node.Context.AccessCounters.RefusedPublishes, Node.Context.AccessCounters.RefusedSubscriptions));
        End(lim);
    }

    private void End(params TestClient[] clients)
    {
        foreach (TestClient client in clients)
        {
            client.Disconnect();
        }

        Node.AssertNothingHeld();
    }
}

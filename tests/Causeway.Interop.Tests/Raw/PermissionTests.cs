using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>What a user may do, and what accounts keep apart. Where servers differ on purpose, docs/security.md says so.</summary>
public class PermissionTests(ServerPool servers) : ServerTests(servers)
{
    private static readonly ServerOptions Options = new()
    {
        Access = """
            authorization { timeout: 60 }
            accounts {
              A { users: [
                { user: all, password: p }
                { user: lim, password: p, permissions: {
                    publish: { allow: ["foo.>", "bar"], deny: ["foo.secret.>"] }
                    subscribe: { allow: ["in.>", "q.* grp.*", "_INBOX.>", "two", "two v1"], deny: ["in.hidden.>", "in.q q1"] } } }
                { user: svc, password: p, permissions: { publish: "only.this", subscribe: "svc.>", allow_responses: { max: 2, expires: "1m" } } }
                { user: one, password: p, permissions: { subscribe: "svc.>", allow_responses: true } }
                { user: denied, password: p, permissions: { publish: { deny: "x.*" }, subscribe: { deny: "y.>" } } }
              ] }
              B { users: [ { user: b, password: p } ] }
              L { limits { max_connections: 1, max_subscriptions: 2, max_payload: 10 }, users: [ { user: l, password: p } ] }
            }
            """,
    };

    [Theory]
    [OnEveryServer("PUB foo.a 1\r\nx\r\n", "")]
    [OnEveryServer("PUB bar 1\r\nx\r\n", "")]
    [OnEveryServer("PUB bar nope 1\r\nx\r\n", "")]
    [OnEveryServer("HPUB bar 12 13\r\nNATS/1.0\r\n\r\nx\r\n", "")]
    [OnEveryServer("PUB foo.secret.x 1\r\nx\r\n", "-ERR 'Permissions Violation for Publish to \"foo.secret.x\"'\r\n")]
    [OnEveryServer("PUB foo.secret 1\r\nx\r\n", "")]
    [OnEveryServer("PUB foo 1\r\nx\r\n", "-ERR 'Permissions Violation for Publish to \"foo\"'\r\n")]
    [OnEveryServer("PUB bar.x 1\r\nx\r\n", "-ERR 'Permissions Violation for Publish to \"bar.x\"'\r\n")]
    [OnEveryServer("HPUB nope 12 13\r\nNATS/1.0\r\n\r\nx\r\n", "-ERR 'Permissions Violation for Publish to \"nope\"'\r\n")]
    [OnEveryServer("PUB nope _INBOX.x 1\r\nx\r\n", "-ERR 'Permissions Violation for Publish to \"nope\"'\r\n")]
    [OnEveryServer("PUB foo.* 1\r\nx\r\n", "")]
    [OnEveryServer("PUB > 1\r\nx\r\n", "-ERR 'Permissions Violation for Publish to \">\"'\r\n")]
    [OnEveryServer("PUB foo..a 1\r\nx\r\n", "-ERR 'Permissions Violation for Publish to \"foo..a\"'\r\n")]
    [OnEveryServer("PUB a\"b\\c 1\r\nx\r\n", "-ERR 'Permissions Violation for Publish to \"a\\\"b\\\\c\"'\r\n")]
    [OnEveryServer("PUB a\u0001 1\r\nx\r\n", "-ERR 'Permissions Violation for Publish to \"a\\x01\"'\r\n")]
    [OnEveryServer("SUB in.a 1\r\n", "")]
    [OnEveryServer("SUB in.> 1\r\n", "")]
    [OnEveryServer("SUB in.* 1\r\n", "")]
    [OnEveryServer("SUB in.a any 1\r\n", "")]
    [OnEveryServer("SUB in.hidden.x 1\r\n", "-ERR 'Permissions Violation for Subscription to \"in.hidden.x\"'\r\n")]
    [OnEveryServer("SUB in.hidden.> 1\r\n", "-ERR 'Permissions Violation for Subscription to \"in.hidden.>\"'\r\n")]
    [OnEveryServer("SUB in.hidden.x g 1\r\n", "-ERR 'Permissions Violation for Subscription to \"in.hidden.x\" using queue \"g\"'\r\n")]
    [OnEveryServer("SUB in.q q1 1\r\n", "-ERR 'Permissions Violation for Subscription to \"in.q\" using queue \"q1\"'\r\n")]
    [OnEveryServer("SUB in.q q2 1\r\n", "")]
    [OnEveryServer("SUB in.q 1\r\n", "")]
    [OnEveryServer("SUB > 1\r\n", "-ERR 'Permissions Violation for Subscription to \">\"'\r\n")]
    [OnEveryServer("SUB nope 1\r\n", "-ERR 'Permissions Violation for Subscription to \"nope\"'\r\n")]
    [OnEveryServer("SUB nope g 1\r\n", "-ERR 'Permissions Violation for Subscription to \"nope\" using queue \"g\"'\r\n")]
    [OnEveryServer("SUB q.x grp.1 1\r\n", "")]
    [OnEveryServer("SUB q.x 1\r\n", "-ERR 'Permissions Violation for Subscription to \"q.x\"'\r\n")]
    [OnEveryServer("SUB q.x other 1\r\n", "-ERR 'Permissions Violation for Subscription to \"q.x\" using queue \"other\"'\r\n")]
    [OnEveryServer("SUB two 1\r\n", "")]
    [OnEveryServer("SUB two v1 1\r\n", "")]
    [OnEveryServer("SUB two v2 1\r\n", "-ERR 'Permissions Violation for Subscription to \"two\" using queue \"v2\"'\r\n")]
    [OnEveryServer("SUB in..x 1\r\n", "-ERR 'Permissions Violation for Subscription to \"in..x\"'\r\n")]
    public async Task A_limited_user_is_told(ServerKind kind, string sent, string told)
    {
        await using RawConnection connection = await LogInAsync(kind, "lim");

        Assert.Equal(told, await connection.ExchangeAsync(sent));
    }

    [Theory]
    [OnEveryServer("PUB x.1 1\r\na\r\n", "-ERR 'Permissions Violation for Publish to \"x.1\"'\r\n")]
    [OnEveryServer("PUB x.1.2 1\r\na\r\n", "")]
    [OnEveryServer("PUB x 1\r\na\r\n", "")]
    [OnEveryServer("SUB y.1 1\r\n", "-ERR 'Permissions Violation for Subscription to \"y.1\"'\r\n")]
    [OnEveryServer("SUB y 1\r\n", "")]
    [OnEveryServer("SUB > 1\r\n", "")]
    public async Task A_deny_list_alone_allows_the_rest(ServerKind kind, string sent, string told)
    {
        await using RawConnection connection = await LogInAsync(kind, "denied");

        Assert.Equal(told, await connection.ExchangeAsync(sent));

        // It ends here and not with its connection, or it would answer the requests of other tests for a moment.
        await connection.ExchangeAsync("UNSUB 1\r\n");
    }

    [Theory]
    [OnEveryServer]
    public async Task Verbose_clients_get_an_error_in_place_of_an_acknowledgement(ServerKind kind)
    {
        await using RawConnection connection = await LogInAsync(kind, "lim", "\"verbose\":true");

        Assert.Equal(
            "-ERR 'Permissions Violation for Publish to \"nope\"'\r\n+OK\r\n-ERR 'Permissions Violation for Subscription to \"nope\"'\r\n",
            await connection.ExchangeAsync("PUB nope 1\r\nx\r\nPUB bar 1\r\nx\r\nSUB nope 1\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task What_is_denied_within_a_pattern_is_not_delivered(ServerKind kind)
    {
        await using RawConnection limited = await LogInAsync(kind, "lim");
        await using RawConnection all = await LogInAsync(kind, "all");
        Assert.Equal(string.Empty, await limited.ExchangeAsync("SUB in.> 1\r\nSUB in.> q 2\r\n"));

        Assert.Equal(
            "HMSG i.x 9 16 16\r\nNATS/1.0 503\r\n\r\n\r\n",
            await all.ExchangeAsync("SUB i.x 9\r\nPUB in.hidden.a i.x 1\r\na\r\nPUB in.hidden.b 1\r\nb\r\nPUB in.open.c 1\r\nc\r\n"));
        string[] got = [await limited.ReadFrameAsync() ?? "", await limited.ReadFrameAsync() ?? ""];
        Assert.Equal(["MSG in.open.c 1 1\r\nc\r\n", "MSG in.open.c 2 1\r\nc\r\n"], got.Order(StringComparer.Ordinal));
        Assert.Equal(string.Empty, await limited.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task A_service_may_reply_to_what_it_got_and_no_more(ServerKind kind)
    {
        await using RawConnection service = await LogInAsync(kind, "svc");
        await using RawConnection all = await LogInAsync(kind, "all");
        (string reply, string request) = (NewSubject(), "svc." + NewSubject());
        string violation = $"-ERR 'Permissions Violation for Publish to \"{reply}\"'\r\n";

        Assert.Equal(violation, await service.ExchangeAsync($"SUB {request} 1\r\nPUB {reply} 1\r\n0\r\n"));
        Assert.Equal(string.Empty, await all.ExchangeAsync($"SUB {reply} 2\r\nPUB {request} {reply} 1\r\nq\r\n"));
        Assert.Equal($"MSG {request} 1 {reply} 1\r\nq\r\n", await service.FlushAsync());
        Assert.Equal(violation, await service.ExchangeAsync($"PUB {reply} 1\r\n1\r\nPUB {reply} 1\r\n2\r\nPUB {reply} 1\r\n3\r\n"));
        Assert.Equal($"MSG {reply} 2 1\r\n1\r\nMSG {reply} 2 1\r\n2\r\n", await all.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task Who_may_reply_and_has_no_list_may_publish_nothing_else(ServerKind kind)
    {
        await using RawConnection service = await LogInAsync(kind, "one");
        await using RawConnection all = await LogInAsync(kind, "all");
        (string reply, string request) = (NewSubject(), "svc." + NewSubject());

        Assert.Equal("-ERR 'Permissions Violation for Publish to \"other\"'\r\n", await service.ExchangeAsync($"SUB {request} 1\r\nPUB other 1\r\n0\r\n"));
        Assert.Equal(string.Empty, await all.ExchangeAsync($"PUB {request} {reply} 1\r\nq\r\n"));
        Assert.Equal($"MSG {request} 1 {reply} 1\r\nq\r\n", await service.FlushAsync());
        Assert.Equal($"-ERR 'Permissions Violation for Publish to \"{reply}\"'\r\n", await service.ExchangeAsync($"PUB {reply} 1\r\n1\r\nPUB {reply} 1\r\n2\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Accounts_do_not_hear_each_other(ServerKind kind)
    {
        await using RawConnection a = await LogInAsync(kind, "all");
        await using RawConnection b = await LogInAsync(kind, "b");
        string subject = NewSubject();

        Assert.Equal(string.Empty, await b.ExchangeAsync($"SUB {subject} 1\r\nSUB {subject} q 2\r\nSUB > 3\r\n"));
        Assert.Equal(
            "HMSG i.y 9 16 16\r\nNATS/1.0 503\r\n\r\n\r\n",
            await a.ExchangeAsync($"SUB i.y 9\r\nPUB {subject} i.y 1\r\na\r\n"));
        Assert.Equal(string.Empty, await b.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task An_account_has_its_limits(ServerKind kind)
    {
        await using RawConnection first = await LogInAsync(kind, "l", "\"protocol\":0");
        await using RawConnection second = await RawConnection.OpenAsync(await ServerAsync(kind, Options));

        await second.SendAsync("CONNECT {\"user\":\"l\",\"pass\":\"p\"}\r\n");
        Assert.Equal("-ERR 'maximum account active connections exceeded'\r\n" + Wire.Closed, await second.ReadToCloseAsync());
        Assert.Equal("-ERR 'maximum subscriptions exceeded'\r\n", await first.ExchangeAsync("SUB a 1\r\nSUB b 2\r\nSUB c 3\r\nPUB x 10\r\n0123456789\r\n"));
        await first.SendAsync("PUB x 11\r\n01234567890\r\n");
        Assert.Equal("-ERR 'Maximum Payload Violation'\r\n" + Wire.Closed, await first.ReadToCloseAsync());
    }

    private async Task<RawConnection> LogInAsync(ServerKind kind, string user, string more = "\"verbose\":false") => await RawConnection.ConnectAsync(
        await ServerAsync(kind, Options),
        $$"""{"pedantic":false,"headers":true,"no_responders":true,"user":"{{user}}","pass":"p",{{(more.Contains("verbose", StringComparison.Ordinal) ? more : "\"verbose\":false," + more)}}}""");
}

using Causeway.Bus.Configuration.Access;
using Causeway.Bus.Configuration.Syntax;
using Causeway.Core.Access;
using Xunit;

namespace Causeway.Bus.Tests.Configuration.Access;

/// <summary>Users, accounts and permissions as nats-server's configuration has them; what is wrong is named and no secret is shown.</summary>
public sealed class AccessReaderTests
{
    private const string Nkey = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";

    [Fact]
    public void Users_have_accounts_secrets_and_permissions()
    {
        AccessSettings settings = Read($$"""
            authorization { timeout: 0.5, default_permissions: { publish: "d" }, users: [
              { user: ann, password: hunter2 }
              { username: bob, pass: 12345, permissions: { pub: ["a", "b.>"], sub: { deny: ["x", "y q"] }, allow_responses: true } } ] }
            accounts { A: { users: [ { nkey: {{Nkey}} }, { user: eve, password: "$2a$11$V1qrpBVuyNrzo8V0YD8AHe5A3kzRbIS6FUrRpSkTDSbAQ1A9n1C2q" } ],
                            limits: { max_conn: 5, max_subs: -1, max_payload: 1KB, max_memory_percent: 10 } }, B {} }
            system_account: B, no_auth_user: ann
            """);
        Assert.Equal(["ann $G", "bob $G", "eve A"], settings.Users.Select(user => $"{user.Name} {user.Tenant}"));
        Assert.Equal([$"{Nkey} A"], settings.Nkeys.Select(user => $"{user.Name} {user.Tenant}"));
        Assert.Equal((TimeSpan.FromMilliseconds(500), "B", "ann"), (settings.Timeout, settings.SystemTenant, settings.NoAuthUser));
        Assert.Equal(new TenantLimits { MaxConnections = 5, MaxPayloadBytes = 1024, MaxMemoryPercent = 10 }, settings.Tenants["A"]);
        Assert.True(settings.Users[0].Permissions.MayPublish("d"u8));
        Assert.False(settings.Users[0].Permissions.MayPublish("e"u8));
        Permissions bob = settings.Users[1].Permissions;
        Assert.True(bob.MayPublish("b.c"u8) && !bob.MayPublish("d"u8) && bob.MaySubscribe("y"u8, default) && !bob.MaySubscribe("y"u8, "q"u8) && !bob.MaySubscribe("x"u8, default));
        Assert.Equal(ResponseRule.Default, bob.Responses);
        Assert.IsType<BcryptSecret>(settings.Users[2].Secret);
        _ = new AccessControl(settings);
    }

    /// <summary>The example of NATS' own guide: roles stand beside the users that have them.</summary>
    [Fact]
    public void A_key_that_a_variable_takes_its_value_from_may_have_any_name_in_any_block()
    {
        AccessSettings settings = Read("""
            authorization {
              ADMIN = { publish = ">", subscribe = ">" }
              REQUESTOR = { publish = ["req.a", "req.b"], subscribe = "_INBOX.>" }
              users = [ { user: alice, pw: foo, password: $pw, permissions: $ADMIN }, { user: bob, password: bar, permissions: $REQUESTOR } ]
            }
            accounts { MOST = 7, A { cap: $MOST, limits { room: $cap, max_connections: $room } } }
            """);

        Assert.Equal(["alice", "bob"], settings.Users.Select(user => user.Name));
        Assert.False(settings.Users[1].Permissions.MayPublish("req.c"u8));
        Assert.Equal(["A"], settings.Tenants.Keys);
        Assert.Equal(7, settings.Tenants["A"].MaxConnections);
        ConfigurationException unused = Assert.Throws<ConfigurationException>(() => Read("authorization { ADMIN = 1, user: ann, password: x }"));
        Assert.Contains("'ADMIN' is not known here", unused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allow_responses: { max: 5, expires: 1m30s }", 5, 90)]
    [InlineData("allow_responses: { max: -1, expires: 5 }", -1, 5)]
    [InlineData("allow_responses: { max: 0 }", 1, 120)]
    [InlineData("publish_allow_responses: yes", 1, 120)]
    public void Replies_have_their_rule_and_nothing_else_is_allowed_then(string text, int max, int seconds)
    {
        Permissions permissions = Read($"authorization {{ users: [ {{ user: a, password: b, permissions: {{ {text} }} }} ] }}").Users[0].Permissions;
        Assert.Equal(new ResponseRule(max, TimeSpan.FromSeconds(seconds)), permissions.Responses);
        Assert.False(permissions.MayPublish("x"u8));
    }

    [Theory]
    [InlineData("accounts: [A, B]", 0)]
    [InlineData("authorization { token: hunter2 }", 0)]
    [InlineData("authorization { user: ann, password: hunter2 }", 1)]
    [InlineData("", 0)]
    public void Short_forms_are_read(string text, int users) => Assert.Equal(users, Read(text).Users.Count);

    [Theory]
    [InlineData("authorization { token: hunter2, users: [{user: a, password: b}] }", "a token can't be with users")]
    [InlineData("authorization { user: a, password: hunter2, users: [{user: b, password: b}] }", "'user' and 'password' belong together, and can't be with 'users'")]
    [InlineData("authorization { user: a }", "'user' and 'password' belong together")]
    [InlineData("authorization { users: [{user: a, password: hunter2}, {user: a, password: c}] }", "user 'a' is there twice")]
    [InlineData("authorization { users: [{user: a, password: \"\"}] }", "a user needs a name and a password, a name alone (whom a certificate proves), or an nkey alone")]
    [InlineData("authorization { users: [{nkey: U, password: hunter2}] }", "a user needs a name and a password, a name alone (whom a certificate proves), or an nkey alone")]
    [InlineData("authorization { users: [{nkey: UFOO}] }", "'UFOO' is no public nkey of a user")]
    [InlineData("authorization { users: [{nkey: SUAEL2E6CT66OQFWX6WEI52UVBREN2WZCPQAVRGKFFBB7TJ3ELG5GKAFWY}] }", "the text is no public nkey of a user")]
    [InlineData("authorization { users: [hunter2] }", "a user is a text; accepted is a block")]
    [InlineData("authorization { users: {user: a, password: hunter2} }", "'users' is a block in braces that can't be taken; accepted is a list in brackets")]
    [InlineData("authorization { password: [hunter2], user: x }", "'password' is a list that can't be taken; accepted is a text")]
    [InlineData("authorization { token: \"\" }", "'token' is a text that can't be taken; accepted is a text that is not empty")]
    [InlineData("authorization { timeout: never }", "'timeout' is a text that can't be taken; accepted is a number of seconds")]
    [InlineData("authorization { timeout: 0 }", "'timeout' is a whole number that can't be taken; accepted is a time of more than 0")]
    [InlineData("authorization { users: [{user: a, password: b, permissions: {publish: {alow: x}}}] }", "'alow' is not known here; accepted are allow, deny")]
    [InlineData("authorization { users: [{user: a, password: b, permissions: {publish: \"a..b\"}}] }", "'publish': 'a..b' is no subject")]
    [InlineData("authorization { users: [{user: a, password: b, permissions: {subscribe: \"a b c\"}}] }", "'subscribe': 'a b c' is no entry of a subscribe list")]
    [InlineData("authorization { auth_callout: {} }", "'auth_callout' is not known here; accepted are user, password, token, users, timeout, default_permissions")]
    [InlineData("accounts { A { imports: [] } }", "'imports' is not known here; accepted are users, limits, default_permissions")]
    [InlineData("accounts { A { limits { max_leafs: 1 } } }", "'max_leafs' is not known here; accepted are max_connections, max_subscriptions, max_payload, max_memory_percent")]
    [InlineData("accounts { A { limits { max_conn: many } } }", "'max_conn' is a text that can't be taken; accepted is a whole number from -1 to 2147483647")]
    [InlineData("accounts { A { limits { max_memory_percent: 101 } } }", "'max_memory_percent' is a whole number that can't be taken; accepted is a whole number from 1 to 100")]
    [InlineData("accounts { \"A B\" {} }", "'A B' can't be an account")]
    [InlineData("system_account: X", "'system_account' names 'X', which is not there")]
    [InlineData("no_auth_user: X", "'no_auth_user' names 'X', who is not there")]
    [InlineData("authorization: 5", "'authorization' is a whole number that can't be taken; accepted is a block in braces")]
    public void What_is_wrong_is_named_and_no_secret_shown(string text, string problem)
    {
        ConfigurationException fault = Assert.Throws<ConfigurationException>(() => Read(text));
        Assert.StartsWith("f.conf:1: " + problem, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_told_with_its_line_and_none_that_follows_from_another()
    {
        ConfigurationFaults faults = new();
        AccessSettings read = AccessReader.Read(
            Parse("""
                authorization {
                  timeout: never
                  users: [
                    { user: ann, pasword: hunter2 }
                    { user: bob, password: hunter2, permissions: {
                      publish: ["ok", "a..b", "fine"]
                      subscribe: { allow: ["x y z",
                        "..", "good"], deni: "x" }
                      allow_responses: { max: many, expires: 5, ttls: 1 }
                    } }
                    { user: eve, password: hunter2 }
                    { user: eve, password: hunter2 }
                    hunter2
                  ]
                  bogus: 1
                }
                accounts {
                  A { limits { max_conn: many, max_subs: 5, max_leafs: 1 }, imports: []
                    users: [ { user: x }, { password: hunter2 } ] }
                  B: 7
                  "C D" {}
                }
                no_auth_user: ann
                system_account: X
                """),
            faults);
        Assert.Equal(
            [
                "2: 'timeout' is a text that can't be taken",
                "4: 'pasword' is not known here",
                "6: 'publish': 'a..b' is no subject",
                "7: 'subscribe': 'x y z' is no entry of a subscribe list",
                "8: 'deni' is not known here",
                "8: 'subscribe': '..' is no entry of a subscribe list",
                "9: 'max' is a text that can't be taken",
                "9: 'ttls' is not known here",
                "12: user 'eve' is there twice",
                "13: a user is a text",
                "15: 'bogus' is not known here",
                "18: 'max_conn' is a text that can't be taken",
                "18: 'max_leafs' is not known here",
                "18: 'imports' is not known here",
                "19: a user needs a name and a password, a name alone (whom a certificate proves), or an nkey alone",
                "20: 'B' is a whole number that can't be taken",
                "21: 'C D' can't be an account",
                "24: 'system_account' names 'X', which is not there",
            ],
            faults.Lines.Select(line => line["f.conf:".Length..line.IndexOf(';', StringComparison.Ordinal)]));
        Assert.All(faults.Lines, line => Assert.True(line.Contains("; accepted ", StringComparison.Ordinal) && !line.Contains("hunter2", StringComparison.Ordinal), line));
        Assert.Equal(["eve", "x"], read.Users.Select(user => user.Name));
    }

    [Fact]
    public void Twenty_are_told_and_how_many_more_there_are()
    {
        ConfigurationFaults faults = new();
        AccessReader.Read(Parse($"authorization {{ users: [\n{string.Concat(Enumerable.Range(0, 5000).Select(_ => "{ nkey: U }\n"))}] }}"), faults);
        Assert.Equal((5000, ConfigurationFaults.MaxKept, 21), (faults.Count, faults.Kept.Count, faults.Lines.Count));
        Assert.Equal(("f.conf:21: 'U' is no public nkey", "f.conf: 4980 more faults"), (faults.Lines[19][..32], faults.Lines[20]));
    }

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("1m30s", 90.0)]
    [InlineData("1.5h", 5400.0)]
    [InlineData("2", null)]
    [InlineData("", null)]
    [InlineData("s", null)]
    [InlineData("-1s", null)]
    [InlineData("1s1", null)]
    [InlineData("99999999h", null)]
    public void Times_are_those_of_go(string text, double? seconds) => Assert.Equal(seconds, DurationText.Read(text)?.TotalSeconds);

    [Fact]
    public void One_user_or_one_token_come_from_a_command_line_too()
    {
        Assert.Equal("ann", Assert.Single(AccessReader.Of("ann", "p", "").Users).Name);
        Assert.NotNull(AccessReader.Of("", "", "t").TokenUser);
        foreach ((string user, string password, string token) in ((string, string, string)[])[("a", "", ""), ("", "p", ""), ("a", "p", "t"), ("", "p", "t")])
        {
            Assert.Throws<ArgumentException>(() => AccessReader.Of(user, password, token));
        }
    }

    private static AccessSettings Read(string text) => AccessReader.Read(Parse(text));

    private static ConfigurationBlock Parse(string text) => new ConfigurationParser(_ => throw new IOException("no file"), _ => null).Parse("f.conf", text);
}

using System.Text.Json;
using Causeway.Interop.Tests.Raw;
using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Monitoring;

/// <summary>What a user of the system account asks and hears on <c>$SYS</c>: every field of nats-server's with its type.</summary>
public sealed class SystemAccountTests(ServerPool servers) : IClassFixture<ServerPool>
{
    private const string Access = """
        authorization { timeout: 60 }
        system_account: SYS
        accounts {
          SYS { users: [ { user: sys, password: s } ] }
          A { users: [ { user: ann, password: p } ] }
          B { users: [ { user: bob, password: p } ] }
        }
        """;

    private const string Ann = """{"verbose":false,"pedantic":false,"user":"ann","pass":"p","name":"shape","lang":"raw","version":"9"}""";
    private const string Sys = """{"verbose":false,"pedantic":false,"user":"sys","pass":"s","name":"sys","lang":"raw","version":"9","headers":true,"no_responders":true}""";

    private static int _asked;

    /// <summary>Fields that Causeway has not, with the reason.</summary>
    private static readonly Dictionary<string, string> Missing = new()
    {
        ["data.imports"] = "tenants have no imports",
        ["data.account_detail.imports"] = "tenants have no imports",
    };

    [Theory]
    [InlineData("SERVER.PING", "")]
    [InlineData("SERVER.PING.STATSZ", "")]
    [InlineData("SERVER.PING.VARZ", "")]
    [InlineData("SERVER.PING.CONNZ", """{"subscriptions_detail":true,"auth":true,"sort":"cid"}""")]
    [InlineData("SERVER.PING.HEALTHZ", "")]
    [InlineData("SERVER.ID.CONNZ", """{"subscriptions":true,"limit":1,"state":0}""")]
    [InlineData("SERVER.ID.CONNZ", """{"state":1,"auth":true}""")]
    [InlineData("SERVER.ID.SUBSZ", "")]
    [InlineData("SERVER.ID.SUBSZ", """{"subscriptions":true,"account":"A"}""")]
    [InlineData("SERVER.ID.ROUTEZ", "")]
    [InlineData("SERVER.ID.GATEWAYZ", "")]
    [InlineData("SERVER.ID.LEAFZ", "")]
    [InlineData("SERVER.ID.ACCOUNTZ", "")]
    [InlineData("SERVER.ID.ACCOUNTZ", """{"account":"A"}""")]
    [InlineData("SERVER.ID.STATSZ", "")]
    [InlineData("SERVER.ID.JSZ", "")]
    [InlineData("ACCOUNT.A.CONNZ", "")]
    [InlineData("ACCOUNT.A.INFO", "")]
    [InlineData("ACCOUNT.A.SUBSZ", "")]
    [InlineData("ACCOUNT.A.LEAFZ", "")]
    [InlineData("ACCOUNT.A.CONNS", "")]
    [InlineData("ACCOUNT.PING.STATZ", """{"include_unused":true}""")]
    [InlineData("ACCOUNT.NONE.INFO", "")]
    [InlineData("SERVER.ID.CONNZ", """{"sort":"bogus"}""")]
    [InlineData("SERVER.ID.CONNZ", "{nothing")]
    public async Task Answer_has_every_field_with_its_type(string request, string body)
    {
        JsonElement theirs = await AskAsync(ServerKind.NatsServer, request, body);
        JsonElement ours = await AskAsync(ServerKind.Causeway, request, body);

        Compare(theirs, ours);
        if (theirs.TryGetProperty("error", out JsonElement error))
        {
            Assert.Equal(error.GetProperty("code").GetInt32(), ours.GetProperty("error").GetProperty("code").GetInt32());
        }
    }

    /// <summary>Every account imports these questions, with itself for an answer whatever the body says.</summary>
    [Theory]
    [InlineData("ACCOUNT.PING.CONNZ", "")]
    [InlineData("ACCOUNT.PING.CONNZ", """{"account":"B","auth":true}""")]
    [InlineData("ACCOUNT.PING.CONNZ", """{"sort":"bogus"}""")]
    [InlineData("ACCOUNT.PING.STATZ", "")]
    [InlineData("SERVER.PING.CONNZ", "")]
    public async Task Users_of_any_account_ask_about_their_own_and_hear_of_no_other(string request, string body)
    {
        (JsonElement theirs, string[] ofTheirs) = await AskOwnAsync(ServerKind.NatsServer, request, body);
        (JsonElement ours, string[] ofOurs) = await AskOwnAsync(ServerKind.Causeway, request, body);

        Compare(theirs, ours);
        Assert.Equal(ofTheirs, ofOurs);
    }

    [Theory]
    [OnEveryServer("ACCOUNT.PING.INFO")]
    [OnEveryServer("ACCOUNT.PING.SUBSZ")]
    [OnEveryServer("ACCOUNT.PING.CONNS")]
    [OnEveryServer("ACCOUNT.A.CONNZ")]
    [OnEveryServer("SERVER.PING.VARZ")]
    public async Task Users_of_any_account_ask_nothing_else(ServerKind kind, string request)
    {
        await using RawConnection ann = await RawConnection.ConnectAsync(await ServerAsync(kind), Speaking(Ann));
        await ann.SendAsync($"SUB inbox 1\r\nPUB $SYS.REQ.{request} inbox 0\r\n\r\n");
        Assert.Equal("HMSG inbox 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n", await ann.ReadFrameAsync());
    }

    [Theory]
    [OnEveryServer("$SYS.REQ.SERVER.PING.BOGUS")]
    [OnEveryServer("$SYS.REQ.SERVER.NOBODY.VARZ")]
    public async Task Question_that_nobody_answers_has_no_responders(ServerKind kind, string subject)
    {
        await using RawConnection sys = await RawConnection.ConnectAsync(await ServerAsync(kind), Sys);

        await sys.SendAsync($"SUB inbox 1\r\nPUB {subject} inbox 0\r\n\r\n");

        Assert.Equal("HMSG inbox 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n", await sys.ReadFrameAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task Others_hear_and_ask_nothing(ServerKind kind)
    {
        ServerProcess server = await ServerAsync(kind);
        await using RawConnection ann = await RawConnection.ConnectAsync(server, Speaking(Ann));
        await ann.ExchangeAsync("SUB inbox 1\r\nSUB $SYS.> 2\r\n");
        await using (RawConnection other = await RawConnection.ConnectAsync(server, Ann))
        {
            await other.FlushAsync();
        }

        string answer = await ann.ExchangeAsync("PUB $SYS.REQ.SERVER.PING inbox 0\r\n\r\n");

        // It hears its own question, and that is all. It ends here and not with its connection, or it would hear the questions of other tests.
        await ann.ExchangeAsync("UNSUB 2\r\n");
        Assert.Equal("MSG $SYS.REQ.SERVER.PING 2 inbox 0\r\n\r\n", answer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Events_have_every_field_with_its_type(bool overWebSocket)
    {
        ServerOptions options = new() { Access = Access, WebSocket = overWebSocket ? new WebSocketSettings() : null };
        Dictionary<string, JsonElement> theirs = await EventsAsync(ServerKind.NatsServer, options);
        Dictionary<string, JsonElement> ours = await EventsAsync(ServerKind.Causeway, options);

        Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
        foreach ((string name, JsonElement event_) in theirs)
        {
            // Whom a client failed to prove to be is not told: it may be a secret that was put in the wrong place.
            Compare(event_, ours[name], name == "AUTH.ERR" ? ["client.user"] : []);
            Assert.Equal(event_.GetProperty("type").GetString(), ours[name].GetProperty("type").GetString());
        }

        Assert.Equal((Text(theirs["CONNECT"], "kind"), Text(theirs["CONNECT"], "client_type")), (Text(ours["CONNECT"], "kind"), Text(ours["CONNECT"], "client_type")));
        JsonElement gone = ours["DISCONNECT"];
        Assert.Equal(("ann", "A", "shape"), (Text(gone, "user"), Text(gone, "acc"), Text(gone, "name")));
        Assert.Equal((1, 3), (gone.GetProperty("sent").GetProperty("msgs").GetInt32(), gone.GetProperty("sent").GetProperty("bytes").GetInt32()));
        Assert.Equal("Authentication Failure", ours["AUTH.ERR"].GetProperty("reason").GetString());

        static string? Text(JsonElement told, string field) => told.GetProperty("client").GetProperty(field).GetString();
    }

    /// <summary>One client comes, publishes and goes, and another is refused: what is told of them, by the last words of its subject.</summary>
    private static async Task<Dictionary<string, JsonElement>> EventsAsync(ServerKind kind, ServerOptions options)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(kind, options);
        await using RawConnection sys = await RawConnection.ConnectAsync(server, Sys);
        await sys.ExchangeAsync("SUB $SYS.ACCOUNT.A.> 1\r\nSUB $SYS.SERVER.*.CLIENT.AUTH.ERR 2\r\n");
        await using (RawConnection ann = await RawConnection.ConnectAsync(server, Ann))
        {
            await ann.ExchangeAsync("PUB x 3\r\nabc\r\n");
        }

        await using RawConnection wrong = await RawConnection.OpenAsync(server);
        await wrong.SendUnlessClosedAsync("CONNECT {\"user\":\"ann\",\"pass\":\"wrong\"}\r\n");
        await wrong.ReadToCloseAsync();
        Dictionary<string, JsonElement> events = [];
        while (!new[] { "CONNECT", "DISCONNECT", "AUTH.ERR", "CONNS" }.All(events.ContainsKey))
        {
            string frame = (await sys.ReadFrameAsync())!;
            string subject = frame.Split(' ')[1];
            string name = subject.EndsWith("AUTH.ERR", StringComparison.Ordinal) ? "AUTH.ERR" : subject[(subject.LastIndexOf('.') + 1)..];
            events[name] = Payload(frame);
        }

        return events;
    }

    private static JsonElement Payload(string frame) => JsonDocument.Parse(frame[(frame.IndexOf("\r\n", StringComparison.Ordinal) + 2)..]).RootElement;

    private static void Compare(JsonElement theirs, JsonElement ours, params string[] without)
    {
        SortedDictionary<string, string> mine = JsonShape.Of(ours);
        string[] wrong =
        [
            .. JsonShape.Of(theirs)
                .Where(field => !Missing.Keys.Concat(without).Any(missing => field.Key.StartsWith(missing, StringComparison.Ordinal)))
                .Where(field => field.Key is not "client.rtt" && (!mine.TryGetValue(field.Key, out string? type) || !JsonShape.Fits(field.Value, type)))
                .Select(field => $"{field.Key}: {field.Value} there, {mine.GetValueOrDefault(field.Key) ?? "missing"} here"),
        ];
        Assert.True(wrong.Length == 0, $"{string.Join('\n', wrong)}\n{ours}");
    }

    private static string Speaking(string connect) => connect.Replace("\"name\"", "\"headers\":true,\"no_responders\":true,\"name\"", StringComparison.Ordinal);

    /// <summary>What a user of A is answered, and the names of connections and accounts in it. A user of B is there too.</summary>
    private async Task<(JsonElement Answer, string[] Names)> AskOwnAsync(ServerKind kind, string request, string body)
    {
        ServerProcess server = await ServerAsync(kind);
        await using RawConnection bob = await RawConnection.ConnectAsync(server, Ann.Replace("ann", "bob", StringComparison.Ordinal).Replace("shape", "other", StringComparison.Ordinal));
        await bob.FlushAsync();
        await using RawConnection ann = await RawConnection.ConnectAsync(server, Speaking(Ann));
        JsonElement answer = await AskAsync(ann, request, body);
        JsonElement data = answer.GetProperty("data");
        string[] names = data.ValueKind != JsonValueKind.Object ? []
            : data.TryGetProperty("connections", out JsonElement connections) ? [.. connections.EnumerateArray().Select(one => one.GetProperty("name").GetString()!).Distinct()]
            : [.. data.GetProperty("account_statz").EnumerateArray().Select(one => one.GetProperty("acc").GetString()!)];
        return (answer, names);
    }

    private Task<ServerProcess> ServerAsync(ServerKind kind) => servers.GetAsync(kind, ServerOptions.Default with { Access = Access });

    private async Task<JsonElement> AskAsync(ServerKind kind, string request, string body)
    {
        ServerProcess server = await ServerAsync(kind);
        await using (RawConnection gone = await RawConnection.ConnectAsync(server, Ann))
        {
            await gone.ExchangeAsync("SUB gone 1\r\n");
        }

        await using RawConnection ann = await RawConnection.ConnectAsync(server, Ann);
        await ann.ExchangeAsync("SUB a.b 1\r\n");
        await using RawConnection sys = await RawConnection.ConnectAsync(server, Sys);
        await Eventually.EqualAsync(true, async () => (await AskAsync(sys, "SERVER.ID.CONNZ", """{"state":1}""")).GetProperty("data").GetProperty("connections").EnumerateArray()
            .Any(closed => closed.TryGetProperty("name", out JsonElement name) && name.GetString() == "shape"));
        return await AskAsync(sys, request, body);
    }

    /// <summary>Asks until it is answered: a server that takes clients already may not answer questions yet.</summary>
    private static async Task<JsonElement> AskAsync(RawConnection asking, string request, string body)
    {
        string subject = "$SYS.REQ." + request.Replace("ID", asking.Info.GetProperty("server_id").GetString(), StringComparison.Ordinal);
        string answer = "";
        await Eventually.EqualAsync(true, async () =>
        {
            string inbox = $"inbox{Interlocked.Increment(ref _asked)}";
            await asking.SendAsync($"SUB {inbox} 1\r\nUNSUB 1 1\r\nPUB {subject} {inbox} {body.Length}\r\n{body}\r\n");
            answer = (await asking.ReadFrameAsync())!;
            return !answer.Contains(" 503\r\n", StringComparison.Ordinal);
        });
        return Payload(answer);
    }
}

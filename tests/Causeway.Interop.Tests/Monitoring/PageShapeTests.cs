using System.Net;
using System.Text.Json;
using Causeway.Interop.Tests.Raw;
using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Monitoring;

/// <summary>
/// Every field of nats-server's pages is on Causeway's with the same JSON type, or stands here with the reason why not: nats-top and the
/// Prometheus exporter decode them into fixed Go types.
/// </summary>
public sealed class PageShapeTests(ServerPool servers) : IClassFixture<ServerPool>
{
    private const string Access = """
        authorization { timeout: 60 }
        system_account: SYS
        accounts {
          SYS { users: [ { user: sys, password: s } ] }
          A { users: [ { user: ann, password: p } ] }
        }
        """;

    private const string Ann = """{"verbose":false,"pedantic":false,"user":"ann","pass":"p","name":"shape","lang":"raw","version":"9"}""";

    private static readonly HttpClient Http = new() { Timeout = Eventually.Deadline };

    /// <summary>Fields that Causeway has not, by page and path.</summary>
    private static readonly Dictionary<(string Page, string Path), string> Missing = new()
    {
        [("/accountz?acc=A", "account_detail.imports")] = "tenants have no imports",
    };

    [Theory]
    [InlineData("/varz")]
    [InlineData("/connz?subs=1&auth=1")]
    [InlineData("/connz?subs=detail&state=any&auth=1")]
    [InlineData("/connz?state=closed&auth=1")]
    [InlineData("/subsz?subs=1")]
    [InlineData("/subsz")]
    [InlineData("/routez")]
    [InlineData("/gatewayz")]
    [InlineData("/leafz")]
    [InlineData("/accountz")]
    [InlineData("/accountz?acc=A")]
    [InlineData("/accstatz")]
    [InlineData("/accstatz?unused=1")]
    [InlineData("/jsz")]
    [InlineData("/healthz?js-enabled-only=true")]
    public async Task Page_has_every_field_with_its_type(string page)
    {
        SortedDictionary<string, string> theirs = await ShapeAsync(ServerKind.NatsServer, page);
        SortedDictionary<string, string> ours = await ShapeAsync(ServerKind.Causeway, page);

        string[] wrong =
        [
            .. theirs
                .Where(field => !Missing.Keys.Any(missing => missing.Page == page && field.Key.StartsWith(missing.Path, StringComparison.Ordinal)))
                .Where(field => !ours.TryGetValue(field.Key, out string? type) || !JsonShape.Fits(field.Value, type))
                .Select(field => $"{field.Key}: {field.Value} there, {ours.GetValueOrDefault(field.Key) ?? "missing"} here"),
        ];
        Assert.True(wrong.Length == 0, $"{page}:\n{string.Join('\n', wrong)}");
    }

    [Theory]
    [OnEveryServer("/connz?sort=bogus", "invalid sorting option: bogus")]
    [OnEveryServer("/connz?sort=stop", "sort by stop only valid on closed connections")]
    [OnEveryServer("/connz?sort=reason&state=any", "sort by reason only valid on closed connections")]
    [OnEveryServer("/connz?limit=many", "Error decoding int for 'limit': strconv.Atoi: parsing \"many\": invalid syntax")]
    [OnEveryServer("/connz?offset=x", "Error decoding int for 'offset': strconv.Atoi: parsing \"x\": invalid syntax")]
    [OnEveryServer("/connz?cid=q", "Error decoding uint64 for 'cid': strconv.ParseUint: parsing \"q\": invalid syntax")]
    [OnEveryServer("/connz?subs=maybe", "Error decoding boolean for 'subs': strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    [OnEveryServer("/connz?auth=2", "Error decoding boolean for 'auth': strconv.ParseBool: parsing \"2\": invalid syntax")]
    [OnEveryServer("/connz?state=weird", "Error decoding state for weird")]
    [OnEveryServer("/subsz?test=a.*", "invalid test subject, must be valid publish subject: a.*")]
    [OnEveryServer("/subsz?limit=q", "Error decoding int for 'limit': strconv.Atoi: parsing \"q\": invalid syntax")]
    [OnEveryServer("/routez?subs=q", "Error decoding boolean for 'subs': strconv.ParseBool: parsing \"q\": invalid syntax")]
    [OnEveryServer("/gatewayz?accs=q", "Error decoding boolean for 'accs': strconv.ParseBool: parsing \"q\": invalid syntax")]
    [OnEveryServer("/leafz?subs=q", "Error decoding boolean for 'subs': strconv.ParseBool: parsing \"q\": invalid syntax")]
    [OnEveryServer("/accountz?acc=NONE", "Account NONE does not exist")]
    [OnEveryServer("/accstatz?unused=q", "Error decoding boolean for 'unused': strconv.ParseBool: parsing \"q\": invalid syntax")]
    [OnEveryServer("/healthz?js-enabled=q", "Error decoding boolean for 'js-enabled': strconv.ParseBool: parsing \"q\": invalid syntax")]
    public async Task Wrong_value_is_refused_in_the_same_words(ServerKind kind, string path, string words)
    {
        ServerProcess server = await servers.GetAsync(kind, ServerOptions.Default with { Access = Access });

        using HttpResponseMessage response = await Http.GetAsync(new Uri(server.MonitoringUrl, path), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(words, (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).TrimEnd('\n'));
    }

    [Theory]
    [OnEveryServer("/varz")]
    [OnEveryServer("/healthz")]
    [OnEveryServer("/routez")]
    public async Task Page_is_a_call_where_a_callback_is_named(ServerKind kind, string path)
    {
        ServerProcess server = await servers.GetAsync(kind, ServerOptions.Default with { Access = Access });

        using HttpResponseMessage response = await Http.GetAsync(new Uri(server.MonitoringUrl, path + "?callback=app.show"), TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("application/javascript", response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("app.show(", text, StringComparison.Ordinal);
        Assert.EndsWith(")", text, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(text["app.show(".Length..^1]).RootElement.ValueKind);
    }

    [Theory]
    [OnEveryServer]
    public async Task Connz_picks_by_user_and_account(ServerKind kind)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(kind, ServerOptions.Default with { Access = Access });
        await using RawConnection one = await RawConnection.ConnectAsync(server, Ann);
        await using RawConnection two = await RawConnection.ConnectAsync(server, Ann);
        await one.ExchangeAsync("SUB one.a 1\r\n");
        await two.ExchangeAsync("SUB two.a 1\r\n");
        await Eventually.EqualAsync(2, async () => (await PageAsync(server, "/connz")).GetProperty("num_connections").GetInt32());

        foreach ((string query, int count) in (List<(string, int)>)
            [("sort=cid&limit=1", 1), ("user=ann", 2), ("user=sys", 0), ("acc=A", 2), ("limit=-1&offset=1", 1), ("limit=0", 2)])
        {
            Assert.Equal((query, count), (query, (await PageAsync(server, $"/connz?auth=1&{query}")).GetProperty("connections").GetArrayLength()));
        }

        if (kind == ServerKind.Causeway)
        {
            // nats-server takes it over the bus alone.
            Assert.Equal(1, (await PageAsync(server, "/connz?acc=A&filter_subject=one.*")).GetProperty("connections").GetArrayLength());
            Assert.Equal(0, (await PageAsync(server, "/connz?acc=A&filter_subject=three")).GetProperty("connections").GetArrayLength());
        }
    }

    private static async Task<JsonElement> PageAsync(ServerProcess server, string path) =>
        JsonDocument.Parse(await Http.GetStringAsync(new Uri(server.MonitoringUrl, path), TestContext.Current.CancellationToken)).RootElement;

    /// <summary>The shape of a page of a server with a client that subscribes and publishes, and one that is gone.</summary>
    private async Task<SortedDictionary<string, string>> ShapeAsync(ServerKind kind, string page)
    {
        ServerProcess server = await servers.GetAsync(kind, ServerOptions.Default with { Access = Access });
        await using (RawConnection gone = await RawConnection.ConnectAsync(server, Ann))
        {
            await gone.ExchangeAsync("SUB gone 1\r\n");
        }

        await using RawConnection connection = await RawConnection.ConnectAsync(server, Ann);
        await connection.ExchangeAsync("SUB seen 1\r\nSUB seen.* q 2\r\nSUB seen.> 3\r\nUNSUB 3 9\r\nPUB seen 3\r\nabc\r\n");

        // One of these clients, and not only the connection that looked whether the server is up.
        await Eventually.EqualAsync(true, async () => (await PageAsync(server, "/connz?state=closed")).GetProperty("connections").EnumerateArray()
            .Any(closed => closed.TryGetProperty("name", out JsonElement name) && name.GetString() == "shape"));
        return JsonShape.Of(await PageAsync(server, page));
    }
}

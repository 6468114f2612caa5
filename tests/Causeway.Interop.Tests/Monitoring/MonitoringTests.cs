using System.Net;
using System.Text.Json;
using Causeway.Interop.Tests.Raw;
using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Monitoring;

/// <summary>What nats-top and exporters read over HTTP: they decode into fixed types, so the types must match.</summary>
public sealed class MonitoringTests(ServerPool servers) : IClassFixture<ServerPool>
{
    private const string Identity = """{"verbose":false,"pedantic":false,"name":"monitored","lang":"raw","version":"9"}""";

    private static readonly HttpClient Http = new() { Timeout = Eventually.Deadline };

    [Theory]
    [OnEveryServer]
    public async Task Healthz_is_ok(ServerKind kind)
    {
        JsonElement health = await GetAsync(kind, "/healthz");

        Assert.Equal("ok", health.GetProperty("status").GetString());
    }

    [Theory]
    [OnEveryServer("server_id", JsonValueKind.String)]
    [OnEveryServer("server_name", JsonValueKind.String)]
    [OnEveryServer("version", JsonValueKind.String)]
    [OnEveryServer("host", JsonValueKind.String)]
    [OnEveryServer("port", JsonValueKind.Number)]
    [OnEveryServer("proto", JsonValueKind.Number)]
    [OnEveryServer("max_connections", JsonValueKind.Number)]
    [OnEveryServer("max_payload", JsonValueKind.Number)]
    [OnEveryServer("max_pending", JsonValueKind.Number)]
    [OnEveryServer("max_control_line", JsonValueKind.Number)]
    [OnEveryServer("ping_interval", JsonValueKind.Number)]
    [OnEveryServer("ping_max", JsonValueKind.Number)]
    [OnEveryServer("start", JsonValueKind.String)]
    [OnEveryServer("now", JsonValueKind.String)]
    [OnEveryServer("uptime", JsonValueKind.String)]
    [OnEveryServer("mem", JsonValueKind.Number)]
    [OnEveryServer("cores", JsonValueKind.Number)]
    [OnEveryServer("cpu", JsonValueKind.Number)]
    [OnEveryServer("connections", JsonValueKind.Number)]
    [OnEveryServer("total_connections", JsonValueKind.Number)]
    [OnEveryServer("in_msgs", JsonValueKind.Number)]
    [OnEveryServer("out_msgs", JsonValueKind.Number)]
    [OnEveryServer("in_bytes", JsonValueKind.Number)]
    [OnEveryServer("out_bytes", JsonValueKind.Number)]
    [OnEveryServer("slow_consumers", JsonValueKind.Number)]
    [OnEveryServer("subscriptions", JsonValueKind.Number)]
    public async Task Varz_has(ServerKind kind, string field, JsonValueKind type)
    {
        JsonElement varz = await GetAsync(kind, "/varz");

        Assert.True(varz.TryGetProperty(field, out JsonElement value), $"/varz has no {field}.");
        Assert.Equal(type, value.ValueKind);
    }

    [Theory]
    [OnEveryServer]
    public async Task Varz_tells_limits_in_the_units_that_readers_expect(ServerKind kind)
    {
        JsonElement varz = await GetAsync(kind, "/varz");

        Assert.Equal(1024 * 1024, varz.GetProperty("max_payload").GetInt32());
        Assert.Equal(4096, varz.GetProperty("max_control_line").GetInt32());
        Assert.Equal(64 * 1024 * 1024, varz.GetProperty("max_pending").GetInt64());

        // Nanoseconds.
        Assert.Equal(120_000_000_000, varz.GetProperty("ping_interval").GetInt64());
        Assert.Equal(2, varz.GetProperty("ping_max").GetInt32());
        Assert.True(DateTimeOffset.TryParse(varz.GetProperty("now").GetString(), out _));
    }

    [Theory]
    [OnEveryServer]
    public async Task Varz_counts_messages_and_their_bytes(ServerKind kind)
    {
        // Its own server: the subscriptions of earlier tests go a moment after their connections.
        await using ServerProcess server = await ServerProcess.StartAsync(kind);
        await using RawConnection connection = await RawConnection.ConnectAsync(server);
        JsonElement before = await FetchAsync(server, "/varz");

        await connection.ExchangeAsync("SUB counted 1\r\nSUB counted 2\r\nPUB counted 5\r\nhello\r\nPUB counted 0\r\n\r\n");

        // nats-server counts what it read together once it has worked through all of it, which may be after the answer.
        await Eventually.EqualAsync((2, 4, 5, 10, 2), async () =>
        {
            JsonElement after = await FetchAsync(server, "/varz");
            return (Difference("in_msgs"), Difference("out_msgs"), Difference("in_bytes"), Difference("out_bytes"), Difference("subscriptions"));

            long Difference(string field) =>
                after.GetProperty(field).GetInt64() - before.GetProperty(field).GetInt64();
        });
    }

    [Theory]
    [OnEveryServer]
    public async Task Connz_shows_a_connection(ServerKind kind)
    {
        ServerProcess server = await servers.GetAsync(kind);
        await using RawConnection connection = await RawConnection.ConnectAsync(server, Identity);
        await connection.ExchangeAsync("SUB seen 1\r\nSUB seen.> 2\r\nPUB seen 3\r\nabc\r\n");
        long id = connection.Info.GetProperty("client_id").GetInt64();

        // The server's own counts may lag behind the bytes that we have read already.
        JsonElement shown = default;
        await Eventually.EqualAsync((0, 1, 1, 3, 3), async () =>
        {
            shown = await FindAsync();
            return (Count("pending_bytes"), Count("in_msgs"), Count("out_msgs"), Count("in_bytes"), Count("out_bytes"));
        });

        Assert.Equal("127.0.0.1", shown.GetProperty("ip").GetString());
        Assert.True(shown.GetProperty("port").GetInt32() > 0);
        Assert.Equal("monitored", shown.GetProperty("name").GetString());
        Assert.Equal("raw", shown.GetProperty("lang").GetString());
        Assert.Equal("9", shown.GetProperty("version").GetString());
        Assert.Equal(2, shown.GetProperty("subscriptions").GetInt64());
        Assert.All(
            new[] { "start", "last_activity" },
            field => Assert.True(DateTimeOffset.TryParse(shown.GetProperty(field).GetString(), out _), field));
        Assert.All(
            new[] { "uptime", "idle" }, field => Assert.Equal(JsonValueKind.String, shown.GetProperty(field).ValueKind));
        Assert.Equal(
            ["seen", "seen.>"],
            shown.GetProperty("subscriptions_list").EnumerateArray().Select(subject => subject.GetString()).Order());

        long Count(string field) => shown.GetProperty(field).GetInt64();

        async Task<JsonElement> FindAsync() =>
            (await GetAsync(kind, "/connz?subs=1&sort=cid&limit=1024")).GetProperty("connections").EnumerateArray()
            .Single(entry => entry.GetProperty("cid").GetInt64() == id);
    }

    [Theory]
    [OnEveryServer]
    public async Task Connz_pages(ServerKind kind)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(kind);
        await using RawConnection first = await RawConnection.ConnectAsync(server);
        await using RawConnection second = await RawConnection.ConnectAsync(server);

        // The start's own probe may be counted for a moment longer.
        await Eventually.EqualAsync(2, async () => (await FetchAsync(server, "/connz")).GetProperty("total").GetInt32());
        JsonElement connz = await FetchAsync(server, "/connz?sort=cid&offset=1&limit=1");

        Assert.Equal(1, connz.GetProperty("num_connections").GetInt32());
        Assert.Equal(1, connz.GetProperty("offset").GetInt32());
        Assert.Equal(1, connz.GetProperty("limit").GetInt32());
        Assert.Equal(
            second.Info.GetProperty("client_id").GetInt64(),
            Assert.Single(connz.GetProperty("connections").EnumerateArray()).GetProperty("cid").GetInt64());
    }

    [Theory]
    [OnEveryServer("cid")]
    [OnEveryServer("start")]
    [OnEveryServer("subs")]
    [OnEveryServer("pending")]
    [OnEveryServer("msgs_to")]
    [OnEveryServer("msgs_from")]
    [OnEveryServer("bytes_to")]
    [OnEveryServer("bytes_from")]
    [OnEveryServer("last")]
    [OnEveryServer("idle")]
    [OnEveryServer("uptime")]
    public async Task Connz_sorts_by(ServerKind kind, string order)
    {
        JsonElement connz = await GetAsync(kind, $"/connz?sort={order}");

        Assert.Equal(JsonValueKind.Array, connz.GetProperty("connections").ValueKind);
    }

    [Theory]
    [OnEveryServer("/connz?sort=bogus", HttpStatusCode.BadRequest)]
    [OnEveryServer("/connz?limit=many", HttpStatusCode.BadRequest)]
    [OnEveryServer("/no-such-page", HttpStatusCode.NotFound)]
    public async Task Refuses(ServerKind kind, string path, HttpStatusCode status)
    {
        ServerProcess server = await servers.GetAsync(kind);

        using HttpResponseMessage response = await Http.GetAsync(
            new Uri(server.MonitoringUrl, path), TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [OnEveryServer]
    public async Task Subsz_counts_subscriptions(ServerKind kind)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(kind);
        await using RawConnection connection = await RawConnection.ConnectAsync(server);
        long before = await CountAsync();

        await connection.ExchangeAsync("SUB s.a 1\r\nSUB s.* 2\r\nSUB s.b q 3\r\n");
        await Eventually.EqualAsync(before + 3, CountAsync);

        await connection.ExchangeAsync("UNSUB 2\r\n");
        await Eventually.EqualAsync(before + 2, CountAsync);

        async Task<long> CountAsync() =>
            (await FetchAsync(server, "/subsz")).GetProperty("num_subscriptions").GetInt64();
    }

    private static async Task<JsonElement> FetchAsync(ServerProcess server, string path)
    {
        using HttpResponseMessage response = await Http.GetAsync(
            new Uri(server.MonitoringUrl, path), TestContext.Current.CancellationToken);
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path} answers {response.StatusCode}: {body}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(body).RootElement;
    }

    private async Task<JsonElement> GetAsync(ServerKind kind, string path) =>
        await FetchAsync(await servers.GetAsync(kind), path);
}

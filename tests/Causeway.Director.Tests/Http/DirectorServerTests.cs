using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Causeway.Client;
using Causeway.Director.Access;
using Causeway.Director.Http;
using Causeway.Director.Registry;
using Causeway.Director.Store;
using Causeway.Director.Tests.Registry;
using Causeway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Director.Tests.Http;

/// <summary>A director over HTTP. Its clock goes on only while it hears nodes, so that none is lost because a test took long.</summary>
public sealed class DirectorServerTests : IAsyncLifetime
{
    private const string Token = "a token of operators";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    private readonly FakeTimeProvider _time = new(Reports.Start);
    private readonly HttpClient _http = new();
    private long _sequence;
    private DirectorServer _director = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _director = await StartAsync(token: Token);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _director.DisposeAsync();
    }

    [Fact]
    public async Task Regions_come_in_order_with_a_decision()
    {
        await HearAsync();
        (HttpStatusCode status, JsonElement answer) = await GetAsync("/regions?client=c1&rtt.west=3&rtt.east=80");
        Assert.Equal((HttpStatusCode.OK, "connect", "west"), (status, answer.GetProperty("decision").GetString(), answer.GetProperty("region").GetString()));
        Assert.Equal(["west", "east"], answer.GetProperty("regions").EnumerateArray().Select(region => region.GetProperty("name").GetString()));
        Assert.Equal("nats://10.0.0.1:4222", answer.GetProperty("regions")[0].GetProperty("urls")[0].GetString());
        Assert.Equal("none", (await GetAsync("/regions?client=c2&peek=true")).Answer.GetProperty("decision").GetString());
    }

    [Fact]
    public async Task Without_any_region_a_client_is_told_when_to_come_again()
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(_director.Address, "/regions?client=c1"), Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 5, 7);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("wait", answer.RootElement.GetProperty("decision").GetString());
        Assert.InRange(answer.RootElement.GetProperty("retry_after_ms").GetInt32(), 5000, 6250);
    }

    [Fact]
    public async Task While_it_has_just_begun_to_hear_it_is_not_ready_and_tells_clients_to_wait()
    {
        Assert.Equal(ReportResult.Taken, _director.Registry.Hear(Reports.Of("east", "e1", ++_sequence), _time.GetUtcNow()));
        (HttpStatusCode status, JsonElement answer) = await GetAsync("/regions?client=c1&peek=true");
        Assert.Equal((HttpStatusCode.OK, "wait"), (status, answer.GetProperty("decision").GetString()));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync("/regions?client=c1")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync("/readyz")).Status);
        await HearAsync();
        Assert.Equal("connect", (await GetAsync("/regions?client=c1")).Answer.GetProperty("decision").GetString());
    }

    [Fact]
    public async Task Livekit_clients_read_the_regions()
    {
        await HearAsync();
        (_, JsonElement answer) = await GetAsync("/settings/regions");
        JsonElement first = Assert.Single(answer.GetProperty("regions").EnumerateArray());
        Assert.Equal(["region", "url", "distance"], first.EnumerateObject().Select(property => property.Name));
        Assert.Equal("wss://east.example.com", first.GetProperty("url").GetString());
        Assert.Equal(JsonValueKind.String, first.GetProperty("distance").ValueKind);
    }

    [Theory]
    [InlineData("/regions?nonsense=1")]
    [InlineData("/regions?rtt.west=-1")]
    [InlineData("/regions?rtt.west=NaN")]
    [InlineData("/regions?lat=1")]
    [InlineData("/regions?lat=100&lon=0")]
    public async Task What_cant_be_read_is_refused_with_a_line(string path)
    {
        (HttpStatusCode status, JsonElement answer) = await GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.NotEmpty(answer.GetProperty("problem").GetString()!);
    }

    [Fact]
    public async Task Too_long_names_and_too_many_parameters_are_refused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync("/regions?client=" + new string('a', 200))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync("/regions?" + string.Join('&', Enumerable.Range(0, 70).Select(i => $"rtt.r{i}=1")))).Status);
    }

    [Fact]
    public async Task Health_and_metrics_say_what_is_doubtful()
    {
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/healthz")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync("/readyz")).Status);
        await HearAsync();
        (HttpStatusCode status, JsonElement answer) = await GetAsync("/readyz");
        Assert.Equal((HttpStatusCode.OK, "doubtful"), (status, answer.GetProperty("status").GetString()));
        Assert.Contains("the bus can't be reached", answer.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
        string metrics = await _http.GetStringAsync(new Uri(_director.Address, "/metrics"), Cancelled);
        Assert.Contains("causeway_director_region_room", metrics, StringComparison.Ordinal);
        Assert.Contains("causeway_director_alarms{otel_scope_name=\"Causeway.Director\",rule=\"node_lost\",severity=\"warning\"} 0", metrics, StringComparison.Ordinal);
        Assert.All(["alarms_suppressed", "logins_refused", "live_pages_refused"], name => Assert.Contains($"causeway_director_{name}_total", metrics, StringComparison.Ordinal));
        Assert.Contains("causeway_director_bus_connected{otel_scope_name=\"Causeway.Director\"} 0", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a token of operator")]
    [InlineData("a token of operators and more")]
    public async Task No_operator_action_without_the_token(string? token)
    {
        await HearAsync();
        foreach ((HttpMethod method, string path) in ((HttpMethod, string)[])
            [(HttpMethod.Post, "/drain/region/east"), (HttpMethod.Delete, "/drain/region/east"), (HttpMethod.Post, "/drain/node/east/e1"), (HttpMethod.Post, "/memory-limit/east/e1?bytes=1")])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(_director, method, path, token));
        }

        DateTimeOffset asked = _time.GetUtcNow();
        await LookedAsync(snapshot => snapshot.View.At > asked);
        Assert.Empty(_director.Registry.Snapshot.Drains);
    }

    [Fact]
    public async Task Without_a_configured_token_nobody_is_an_operator()
    {
        await using DirectorServer open = await StartAsync(token: "");
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(open, HttpMethod.Post, "/drain/region/east", Token));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(open, HttpMethod.Post, "/drain/region/east", ""));
    }

    [Fact]
    public async Task An_operator_drains_a_region_and_undoes_it()
    {
        await HearAsync();
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(_director, HttpMethod.Post, "/drain/region/nowhere", Token));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(_director, HttpMethod.Post, "/drain/region/east?deadline_s=-1", Token));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(_director, HttpMethod.Post, "/drain/region/east?deadline_s=60", Token));
        await LookedAsync(snapshot => snapshot.Region("east")!.IsDraining);
        Assert.Equal("move", (await GetAsync("/regions?client=c1&current=east")).Answer.GetProperty("decision").GetString());
        Assert.Equal(HttpStatusCode.OK, await SendAsync(_director, HttpMethod.Delete, "/drain/region/east", Token));
        await LookedAsync(snapshot => !snapshot.Region("east")!.IsDraining);
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(_director, HttpMethod.Post, "/drain/node/east/e1", Token));
    }

    [Fact]
    public async Task One_address_may_not_ask_without_end()
    {
        await using DirectorServer strict = await StartAsync(Token, requestsPerSecond: 10);
        HttpResponseMessage[] all = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => _http.GetAsync(new Uri(strict.Address, "/healthz"), Cancelled)));
        Assert.InRange(all.Count(response => response.StatusCode == HttpStatusCode.OK), 10, 100);
        Assert.InRange(all.Count(response => response.StatusCode == HttpStatusCode.TooManyRequests), 100, 199);
        Array.ForEach(all, response => response.Dispose());
    }

    [Fact]
    public void A_token_has_sixteen_bytes_at_least() => Assert.Throws<ArgumentException>(() => new OperatorAccess("too short"u8));

    private Task<DirectorServer> StartAsync(string token, int requestsPerSecond = 10_000) => DirectorServer.StartAsync(
        new DirectorOptions
        {
            Name = "d1",
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Servers = [new ServerAddress("127.0.0.1", FreePorts.Take())],
            Key = Reports.Key,
            Access = new OperatorAccess(System.Text.Encoding.UTF8.GetBytes(token)),
            RequestsPerSecond = requestsPerSecond,
            Time = _time,
            MediaUrls = new Dictionary<string, string> { ["east"] = "wss://east.example.com" },
        },
        new MemoryStore(_time),
        NullLogger.Instance);

    private Task HearAsync() => LookedAsync(snapshot => snapshot.View.Regions.Count == 2 && !snapshot.IsBeginning);

    /// <summary>Lets the director hear and look until what it sees is as it should be.</summary>
    private Task LookedAsync(Func<DirectorSnapshot, bool> condition) => Eventually.TrueAsync(() =>
    {
        if (condition(_director.Registry.Snapshot))
        {
            return true;
        }

        _time.Advance(Step);
        _sequence++;
        _director.Registry.Hear(Reports.Of("east", "e1", _sequence), _time.GetUtcNow());
        _director.Registry.Hear(Reports.Of("west", "w1", _sequence), _time.GetUtcNow());
        return false;
    });

    private async Task<(HttpStatusCode Status, JsonElement Answer)> GetAsync(string path)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(_director.Address, path), Cancelled);
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        return (response.StatusCode, document.RootElement.Clone());
    }

    private async Task<HttpStatusCode> SendAsync(DirectorServer director, HttpMethod method, string path, string? token)
    {
        using HttpRequestMessage request = new(method, new Uri(director.Address, path));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await _http.SendAsync(request, Cancelled);
        return response.StatusCode;
    }
}

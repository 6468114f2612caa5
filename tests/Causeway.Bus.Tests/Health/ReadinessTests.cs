using System.Net;
using System.Text.Json;
using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Bus.Tests.Health;

/// <summary><c>/readyz</c> and <c>/healthz</c> of nodes that are well, short of something, stuck, alone or leaving.</summary>
public sealed class ReadinessTests : IAsyncDisposable
{
    private readonly TestDeployment _deployment = new();

    public ValueTask DisposeAsync() => _deployment.DisposeAsync();

    [Fact]
    public async Task A_node_that_is_well_is_ready_and_its_probe_is_in_no_count()
    {
        TestNode node = await _deployment.StartAsync("n", "", health: Quick.Health);

        JsonElement page = await StatusAsync("n", "ready");

        JsonElement evidence = page.GetProperty("evidence");
        await EvidenceAsync("n", found => found.GetProperty("bus_round_trip_ms").GetDouble() > 0);
        Assert.InRange(evidence.GetProperty("headroom").GetDouble(), 0.1, 1);
        Assert.Equal((0, false), (evidence.GetProperty("clients").GetInt32(), evidence.GetProperty("leaving").GetBoolean()));
        await Eventually.EqualAsync((HttpStatusCode.OK, """{"status":"ok"}"""), () => _deployment.AnswerAsync("n", "/healthz"));
        Assert.Equal((0, 0, 1), (node.Bus.Connections.Count, node.Bus.Connections.Total, node.Bus.Connections.Own.Count()));
        Assert.Equal((0, 0), (node.Bus.Reception.Admitted, node.Bus.Context.DefaultTenant.Subscriptions.Count));
        JsonElement varz = await _deployment.PageAsync("n", "/varz");
        Assert.All(["connections", "total_connections", "subscriptions", "in_msgs", "out_msgs"], name => Assert.Equal(0, varz.GetProperty(name).GetInt64()));
        Assert.Equal(0, (await _deployment.PageAsync("n", "/connz?state=all")).GetProperty("total").GetInt32());

        await node.Bus.DrainAsync().InTimeAsync();
        await node.AccountsAreZeroAsync();
        Assert.Empty(node.Bus.Connections.Own);
        await _deployment.EndAsync();
    }

    [Fact]
    public async Task Nobody_hears_the_probe()
    {
        TestNode node = await _deployment.StartAsync("n", "", health: Quick.Health);
        using TestClient all = await node.SubscriberAsync(">");
        long before = node.Bus.Loops.Sum(loop => loop.Batch.Routes.Hits);
        await Eventually.TrueAsync(() => node.Bus.Loops.Sum(loop => loop.Batch.Routes.Hits) > before + 5);

        await all.FlushAsync();

        Assert.Empty(all.TakeKept());
    }

    [Fact]
    public async Task A_node_without_memory_is_alive_not_ready_and_measures_on()
    {
        TestNode node = await _deployment.StartAsync("n", "", health: Quick.Health);
        await StatusAsync("n", "ready");
        MemoryAccount hoard = node.Budget.Open("hoard");
        hoard.Charge(MemoryUse.Interest, node.Budget.LimitBytes / 100 * 93);

        JsonElement page = await StatusAsync("n", "not_ready", "memory_short");

        Assert.Equal(0, page.GetProperty("evidence").GetProperty("headroom").GetDouble());
        await EvidenceAsync("n", found => found.GetProperty("bus_round_trip_ms").GetDouble() > 0);
        await AliveAsync("n");
        using (TestClient refused = await node.OpenAsync())
        {
            Assert.Equal(["INFO", "-ERR"], (await refused.ReadToEndAsync()).Select(frame => frame.Text.Split(' ')[0]));
        }

        // Its connection ends: it comes in again, and subscribes again, where nobody else does.
        ulong first = node.Bus.Connections.Own.Single().Session.Id;
        node.Bus.Connections.Own.Single().Close(CloseReason.InternalError);
        await Eventually.TrueAsync(() => node.Bus.Connections.Own.Any(own => own.Session.Id > first));
        await Eventually.TrueAsync(() => node.Bus.Health.Evidence.BusRoundTripMilliseconds > 0);
        Assert.True(node.Governor.RefusesNew);

        hoard.Release(MemoryUse.Interest, hoard.Bytes);
        node.Budget.Close(hoard);
        await StatusAsync("n", "ready");
        await _deployment.EndAsync();
    }

    [Fact]
    public async Task A_node_with_all_connections_in_use_is_not_ready_and_measures_on()
    {
        using TestNode node = TestNode.Start(new Limits { MaxConnections = 2 }, health: Quick.Health);
        await Eventually.TrueAsync(() => node.Bus.Health.Verdict.IsReady);
        TestClient[] clients = await node.SubscribersAsync(2, "x");

        await Eventually.TrueAsync(() => node.Bus.Health.Verdict is { IsAlive: true, Reasons: [{ Code: "clients_full", Text: "all 2 connections are in use (max-connections)" }] });
        ulong first = node.Bus.Connections.Own.Single().Session.Id;
        node.Bus.Connections.Own.Single().Close(CloseReason.InternalError);
        await Eventually.TrueAsync(() => node.Bus.Connections.Own.Any(own => own.Session.Id > first));
        await Eventually.TrueAsync(() => node.Bus.Health.Evidence.BusRoundTripMilliseconds > 0);

        clients[0].Dispose();
        await Eventually.TrueAsync(() => node.Bus.Health.Verdict.Reasons.Count == 0);
        await node.Bus.DrainAsync().InTimeAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task A_node_that_takes_connections_and_does_no_work_is_unready_then_dead_and_recovers()
    {
        TestNode node = await _deployment.StartAsync("n", "", health: Quick.Health with { BusDeadline = TimeSpan.FromMilliseconds(50) });
        await StatusAsync("n", "ready");
        using ManualResetEventSlim goOn = new();
        Task stuck = node.Bus.Loops[0].InvokeAsync(goOn.Wait);

        // The kernel goes on to take connections: that a port answers says nothing.
        using TestClient waiting = await node.OpenAsync();
        // The loop counts as stuck two seconds later.
        JsonElement page = default;
        await Eventually.TrueAsync(
            () => Codes(page = _deployment.PageOfAnyStatusAsync("n", "/readyz").GetAwaiter().GetResult()) is ["bus_silent"] or ["bus_silent", "loop_stuck"],
            Eventually.Deadline,
            () => $"{page}");
        Assert.Equal("not_ready", page.GetProperty("status").GetString());
        Assert.Contains("no message comes back through the bus", Text(page, "bus_silent"), StringComparison.Ordinal);
        Assert.Equal(-1, page.GetProperty("evidence").GetProperty("bus_round_trip_ms").GetDouble());
        await StatusAsync("n", "not_ready", "bus_silent", "loop_stuck");
        await Eventually.TrueAsync(() => !node.Bus.Health.Verdict.IsAlive);
        (HttpStatusCode status, string text) = await _deployment.AnswerAsync("n", "/healthz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.StartsWith("""{"status":"unavailable","error":""", text, StringComparison.Ordinal);

        goOn.Set();
        await stuck.InTimeAsync();
        await StatusAsync("n", "ready");
        await AliveAsync("n");
        await Eventually.TrueAsync(() => node.Log.Has("health: dead, NotReady: no message comes back"));
        await _deployment.EndAsync();
    }

    [Fact]
    public async Task A_node_that_leaves_is_alive_and_not_ready()
    {
        Limits limits = new() { LameDuckGrace = TimeSpan.FromSeconds(20), LameDuckDuration = TimeSpan.FromSeconds(20) };
        using TestNode node = TestNode.Start(limits, health: Quick.Health);
        await Eventually.TrueAsync(() => node.Bus.Health.Verdict.IsReady);
        TestClient client = await node.SubscriberAsync("x");
        using CancellationTokenSource enough = new();

        Task leaving = node.Bus.LameDuckAsync(enough.Token);

        await Eventually.TrueAsync(() => node.Bus.Health.Verdict is { IsReady: false, IsAlive: true, Reasons: [{ Code: "draining" }] });
        // It is known to leave a moment before its clients are told.
        Assert.Equal("INFO", (await client.NextAsync()).Text.Split(' ')[0]);
        await client.PublishAsync("x", "still");
        Assert.Equal("still", (await client.MessageAsync()).PayloadText);
        await Eventually.TrueAsync(() => node.Bus.Health.Evidence.BusRoundTripMilliseconds > 0);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        await node.Bus.DrainAsync().InTimeAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task A_node_that_lost_all_others_is_doubtful_and_goes_on_to_serve()
    {
        TestNode a = await _deployment.StartAsync("a", "east", health: Quick.Health);
        IPEndPoint address = new(IPAddress.Loopback, FreePorts.Take());
        await _deployment.StartAsync("b", "east", peers: ["a"], configure: links => links with { Listen = address }, health: Quick.Health);
        await _deployment.LinksAsync("a", 1);
        await StatusAsync("a", "ready");

        await _deployment.StopAsync("b");

        JsonElement page = await StatusAsync("a", "doubtful", "isolated");
        Assert.Contains("no other node can be reached (b)", Text(page, "isolated"), StringComparison.Ordinal);
        await EvidenceAsync("a", found => found.GetProperty("links_missing").EnumerateArray().Select(link => link.GetString()).SequenceEqual(["b"]));
        await AliveAsync("a");
        using TestClient client = await a.SubscriberAsync("x");
        await client.PublishAsync("x", "served");
        Assert.Equal("served", (await client.MessageAsync()).PayloadText);

        await _deployment.StartAsync("b", "east", peers: ["a"], configure: links => links with { Listen = address }, health: Quick.Health);
        await StatusAsync("a", "ready");
        client.Dispose();
        await _deployment.EndAsync();
    }

    [Fact]
    public async Task A_node_that_does_not_watch_itself_looks_when_it_is_asked()
    {
        TestNode node = await _deployment.StartAsync("n", "");

        JsonElement page = await StatusAsync("n", "ready");
        Assert.Equal(JsonValueKind.Null, page.GetProperty("evidence").GetProperty("bus_round_trip_ms").ValueKind);
        Assert.Empty(node.Bus.Connections.Own);
        Assert.Equal(0, node.Budget.Total);

        using ManualResetEventSlim goOn = new();
        Task stuck = node.Bus.Loops[0].InvokeAsync(goOn.Wait);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _deployment.AnswerAsync("n", "/healthz")).Status);
        goOn.Set();
        await stuck.InTimeAsync();
        await AliveAsync("n");
        await _deployment.EndAsync();
    }

    [Fact]
    public async Task Metrics_tell_of_health()
    {
        TestNode node = await _deployment.StartAsync("n", "east", health: Quick.Health);
        await StatusAsync("n", "ready");

        // What is exported is a moment old.
        string metrics = "";
        await Eventually.TrueAsync(() => (metrics = _deployment.TextAsync("n", "/metrics").GetAwaiter().GetResult()).Length > 0 && Value("causeway_ready") == 1 && Value("causeway_bus_round_trip_milliseconds") > 0);
        Assert.InRange(Value("causeway_headroom"), 0.1, 1);
        Assert.True(Value("causeway_loop_delay_milliseconds") >= 0);
        Assert.Contains("result=\"taken\"", metrics, StringComparison.Ordinal);
        Assert.Contains("causeway_commands_total{", metrics, StringComparison.Ordinal);
        await node.Bus.DrainAsync().InTimeAsync();
        await Eventually.TrueAsync(() => (metrics = _deployment.TextAsync("n", "/metrics").GetAwaiter().GetResult()).Length > 0 && Value("causeway_ready") == 0);
        await _deployment.EndAsync();

        double Value(string name) => double.Parse(
            metrics.Split('\n').First(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)).Split("} ")[^1].Split(' ')[0],
            System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until <c>/readyz</c> has the status and exactly these reasons, and returns it.</summary>
    private async Task<JsonElement> StatusAsync(string name, string status, params string[] codes)
    {
        JsonElement page = default;
        await Eventually.TrueAsync(
            () =>
            {
                (HttpStatusCode http, string text) = _deployment.AnswerAsync(name, "/readyz").GetAwaiter().GetResult();
                using JsonDocument document = JsonDocument.Parse(text);
                page = document.RootElement.Clone();
                return page.GetProperty("status").GetString() == status
                    && http == (status == "not_ready" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK)
                    && Codes(page).SequenceEqual(codes);
            },
            Eventually.Deadline,
            () => $"{status} {string.Join(",", codes)}: {page}");
        return page;
    }

    /// <summary>Waits until a look finds what it should: one look alone may find less, which is no reason yet.</summary>
    private Task EvidenceAsync(string name, Func<JsonElement, bool> condition) =>
        Eventually.TrueAsync(() => condition(_deployment.PageOfAnyStatusAsync(name, "/readyz").GetAwaiter().GetResult().GetProperty("evidence")));

    /// <summary>Waits until <c>/healthz</c> says that the node lives: a busy machine may have held up a look.</summary>
    private Task AliveAsync(string name) => Eventually.EqualAsync(HttpStatusCode.OK, async () => (await _deployment.AnswerAsync(name, "/healthz")).Status);

    private static string?[] Codes(JsonElement page) => [.. page.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("code").GetString())];

    private static string Text(JsonElement page, string code) =>
        page.GetProperty("reasons").EnumerateArray().Single(reason => reason.GetProperty("code").GetString() == code).GetProperty("text").GetString()!;
}

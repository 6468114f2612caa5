using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Causeway.Client.Health;
using Causeway.Client.Tests.Servers;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace Causeway.Client.Tests.Health;

/// <summary>What a process that uses the bus says of its readiness while its bus is well, stalled, gone and back.</summary>
public sealed partial class BusHealthCheckTests(SharedServers servers) : ServerTest(servers)
{
    private const int Stop = 19;
    private const int Continue = 18;

    private static readonly BusHealthOptions Strict = new() { Timeout = TimeSpan.FromMilliseconds(400), SlowAfter = TimeSpan.FromSeconds(30), UnhealthyAfter = TimeSpan.Zero };

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_process_is_ready_while_messages_come_back_through_the_bus_and_alive_in_any_case(string kind)
    {
        await using TestServer server = await TestServer.StartAsync(kind);
        BusClient client = await ConnectToAsync(server.Url, options => options with { PingInterval = TimeSpan.FromMinutes(10) });
        await using WebApplication app = await StartAppAsync(client, Strict with { Timeout = TimeSpan.FromSeconds(1) });
        using HttpClient http = new() { BaseAddress = new Uri(app.Urls.First()) };

        JsonElement well = await BecomesAsync(http, HttpStatusCode.OK);
        Assert.Equal("Healthy", Text(well, "status"));
        Assert.Equal(client.Server.ToString(), Text(well, "server"));
        Assert.True(double.Parse(Text(well, "rtt_ms"), System.Globalization.CultureInfo.InvariantCulture) > 0);

        Assert.Equal(0, Kill(server.Pid, Stop));
        JsonElement stalled = await BecomesAsync(http, HttpStatusCode.ServiceUnavailable);
        Assert.Equal("Unhealthy", Text(stalled, "status"));
        Assert.Equal($"no message came back from {client.Server} within 1 s", Text(stalled, "description"));
        Assert.Equal("Connected", Text(stalled, "state"));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/healthz", UriKind.Relative), Cancelled)).StatusCode);

        Assert.Equal(0, Kill(server.Pid, Continue));
        JsonElement back = await BecomesAsync(http, HttpStatusCode.OK);
        Assert.Equal("Healthy", Text(back, "status"));
        Assert.Equal(0, client.Statistics.Reconnects);
        Assert.Equal(0, client.Statistics.Subscriptions);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_lost_connection_is_degraded_for_a_moment_unhealthy_after_it_and_healthy_once_there_is_another(string kind)
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider clock = new();
        await using TestServer server = await TestServer.StartAsync(kind);
        BusClient client = await ConnectToAsync(server.Url, options => options with { Reconnect = new() { DelayMin = TimeSpan.FromMilliseconds(5), DelayMax = TimeSpan.FromMilliseconds(20) } });
        BusHealthCheck check = new(client, new() { SlowAfter = TimeSpan.FromHours(1), TimeProvider = clock });
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(check)).Status);

        await server.StopAsync();
        await Eventually.TrueAsync(() => client.State == ConnectionState.Reconnecting);
        HealthCheckResult moment = await CheckAsync(check);
        Assert.Equal((HealthStatus.Degraded, $"there is no connection; {client.Server} was the last and another is being sought"), (moment.Status, moment.Description));
        Assert.Equal(clock.GetUtcNow(), moment.Data["failing_since"]);
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(check)).Status);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(check)).Status);

        await server.StartAsync();
        await Eventually.TrueAsync(() => client.State == ConnectionState.Connected);
        HealthCheckResult back = await CheckAsync(check);
        Assert.Equal((HealthStatus.Healthy, 1L), (back.Status, Convert.ToInt64(back.Data["reconnects"], null)));
        await client.DisposeAsync();
        HealthCheckResult closed = await CheckAsync(check);
        Assert.Equal((HealthStatus.Unhealthy, "the client is closed for good"), (closed.Status, closed.Description));
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Checks_run_side_by_side_with_and_without_echo_and_leave_nothing(string kind)
    {
        foreach (bool echo in (bool[])[true, false])
        {
            BusClient client = await ConnectAsync(kind, options => options with { Echo = echo });
            BusHealthCheck check = new(client, new() { Timeout = Eventually.Deadline, SlowAfter = TimeSpan.FromHours(1) });

            HealthCheckResult[] results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => CheckAsync(check)));

            Assert.All(results, result => Assert.Equal(HealthStatus.Healthy, result.Status));
            Assert.Equal((0, 0), (client.Statistics.Subscriptions, client.Statistics.PendingPings));
        }
    }

    [Fact]
    public async Task A_slow_bus_is_degraded_and_a_caller_that_gives_up_is_told_so()
    {
        BusClient client = await ConnectAsync(ServerKinds.Causeway);
        BusHealthCheck slow = new(client, new() { Timeout = Eventually.Deadline, SlowAfter = TimeSpan.Zero });

        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(slow)).Status);

        using CancellationTokenSource enough = new();
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow.CheckHealthAsync(new HealthCheckContext(), enough.Token));
    }

    [Fact]
    public async Task The_registration_decides_what_a_failure_is()
    {
        BusClient client = await ConnectAsync(ServerKinds.Causeway);
        await client.DisposeAsync();
        await using WebApplication app = await StartAppAsync(client, Strict, HealthStatus.Degraded);
        using HttpClient http = new() { BaseAddress = new Uri(app.Urls.First()) };

        (HttpStatusCode status, JsonElement page) = await ReadyAsync(http);

        Assert.Equal((HttpStatusCode.OK, "Degraded", "the client is closed for good"), (status, Text(page, "status"), Text(page, "description")));
    }

    private static Task<HealthCheckResult> CheckAsync(BusHealthCheck check) => check.CheckHealthAsync(new HealthCheckContext(), Cancelled).InTimeAsync();

    private static async Task<WebApplication> StartAppAsync(BusClient client, BusHealthOptions options, HealthStatus? failure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging();
        builder.Services.AddSingleton(client).AddHealthChecks().AddCauseway(options: options, failureStatus: failure);
        WebApplication app = builder.Build();
        app.UseRouting();
        app.MapHealthChecks("/readyz", new HealthCheckOptions { Predicate = check => check.Tags.Contains(BusHealthChecks.ReadyTag), ResponseWriter = WriteAsync });
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false });
        await app.StartAsync(Cancelled);
        return app;
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        HealthReportEntry entry = report.Entries["causeway"];
        Dictionary<string, string> page = entry.Data.ToDictionary(data => data.Key, data => Convert.ToString(data.Value, System.Globalization.CultureInfo.InvariantCulture)!);
        page["status"] = report.Status.ToString();
        page["description"] = entry.Description ?? "";
        return context.Response.WriteAsync(JsonSerializer.Serialize(page), Cancelled);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Page)> ReadyAsync(HttpClient http)
    {
        using HttpResponseMessage response = await http.GetAsync(new Uri("/readyz", UriKind.Relative), Cancelled).InTimeAsync();
        using JsonDocument page = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        return (response.StatusCode, page.RootElement.Clone());
    }

    private static async Task<JsonElement> BecomesAsync(HttpClient http, HttpStatusCode status)
    {
        JsonElement page = default;
        await Eventually.EqualAsync(status, async () =>
        {
            (HttpStatusCode now, page) = await ReadyAsync(http);
            return now;
        });
        return page;
    }

    private static string Text(JsonElement page, string name) => page.GetProperty(name).GetString()!;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}

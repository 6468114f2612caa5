using Causeway.Client.Health;
using Causeway.Client.Hosting;
using Causeway.Client.Tests.Servers;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Causeway.Client.Tests.Hosting;

/// <summary>Clients as services of a host, described by configuration.</summary>
public sealed class HostedClientTests(SharedServers servers) : ServerTest(servers)
{
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_host_starts_before_its_bus_works_once_it_is_there_and_drains_when_it_stops(string kind)
    {
        await using TestServer server = await TestServer.StartAsync(kind);
        await server.StopAsync();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Bus:Servers:0"] = server.Url,
            ["Bus:Name"] = "hosted",
            ["Bus:Reconnect:DelayMin"] = "00:00:00.005",
            ["Bus:Reconnect:DelayMax"] = "00:00:00.020",
        });
        builder.Services.AddCausewayClient(builder.Configuration.GetSection("Bus"));
        builder.Services.AddHostedService<Echo>();
        builder.Services.AddHealthChecks().AddCauseway(options: new() { Timeout = Eventually.Deadline, SlowAfter = TimeSpan.FromHours(1) });
        using IHost host = builder.Build();
        await host.StartAsync(Cancelled);
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(Cancelled)).Status);
        BusClient hosted = host.Services.GetRequiredService<BusClient>();
        Assert.Equal(ConnectionState.Reconnecting, hosted.State);

        // A host that has started may not have begun its services: they subscribe beside it.
        await Eventually.TrueAsync(() => hosted.Statistics.Subscriptions == 1);
        await server.StartAsync();
        await hosted.FlushAsync(Cancelled).InTimeAsync();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Cancelled)).Status);
        BusClient asks = await ConnectToAsync(server.Url);
        Assert.Equal("x", Text(await asks.RequestAsync("echo", Bytes("x"), timeout: Eventually.Deadline, cancellationToken: Cancelled)));
        Assert.Equal(0, hosted.Statistics.Reconnects);

        await host.StopAsync(Cancelled).InTimeAsync();
        Assert.Equal(ConnectionState.Closed, hosted.State);
        await Assert.ThrowsAsync<NoRespondersException>(() => asks.RequestAsync("echo", timeout: Eventually.Deadline, cancellationToken: Cancelled));
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Named_clients_are_kept_apart(string kind)
    {
        await using TestServer one = await TestServer.StartAsync(kind);
        await using TestServer two = await TestServer.StartAsync(kind);
        ServiceCollection services = new();
        services.AddLogging();
        services.AddCausewayClient(_ => new() { Client = new() { Servers = [ServerAddress.Parse(one.Url)] } }, "one");
        services.AddCausewayClient(_ => new() { Client = new() { Servers = [ServerAddress.Parse(two.Url)] } }, "two");
        await using ServiceProvider provider = services.BuildServiceProvider();

        foreach ((string name, TestServer server) in new[] { ("one", one), ("two", two) })
        {
            BusClient client = provider.GetRequiredKeyedService<BusClient>(name);
            await client.FlushAsync(Cancelled).InTimeAsync();
            Assert.Equal(server.Url, client.Server.ToString());
            Assert.Same(client, provider.GetRequiredKeyedService<BusClient>(name));
        }

        Assert.Null(provider.GetService<BusClient>());
    }

    [Fact]
    public async Task A_client_that_may_not_try_again_closes_with_the_reason()
    {
        ServerAddress nobody = new("127.0.0.1", FreePorts.Take());
        TaskCompletionSource<BusException?> closed = new();
        await using BusClient client = BusClient.Start(new()
        {
            Servers = [nobody],
            Reconnect = null,
            OnEvent = happened => _ = happened is ClientEvent.Closed end && closed.TrySetResult(end.Reason),
        });
        Assert.Equal($"can't connect to {nobody}: connection refused", (await closed.Task.InTimeAsync())?.Message);
        await Assert.ThrowsAsync<BusConnectionException>(() => client.FlushAsync(Cancelled));
    }

    [Fact]
    public async Task A_client_that_never_connected_can_be_disposed()
    {
        BusClient client = BusClient.Start(new() { Servers = [new("127.0.0.1", FreePorts.Take())] });
        await client.PublishAsync("a", Bytes("1"), headers: new() { ["x"] = "y" }, cancellationToken: Cancelled);
        await client.DisposeAsync().AsTask().InTimeAsync();
        Assert.Equal(ConnectionState.Closed, client.State);
    }

    private sealed class Echo(BusClient client, ILogger<Echo> logger) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await using Subscription requests = await client.SubscribeAsync("echo", cancellationToken: stoppingToken);
            Assert.NotNull(logger);
            await requests.ProcessAsync((request, cancelled) => request.ReplyAsync(request.Data, cancellationToken: cancelled), stoppingToken);
        }
    }
}

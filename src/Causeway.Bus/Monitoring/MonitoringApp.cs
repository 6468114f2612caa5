using System.Net.Sockets;
using Causeway.Bus.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Causeway.Bus.Monitoring;

/// <summary>The monitoring pages of a node on Kestrel, behind a socket that listens already.</summary>
internal sealed class MonitoringApp : IAsyncDisposable
{
    private const int MaxConnections = 64;
    private const int MaxRequestBytes = 1024;

    private readonly WebApplication _app;

    /// <summary>Makes the pages of <paramref name="node"/> for who comes to <paramref name="listening"/>, after <paramref name="first"/>, who was there before.</summary>
    public MonitoringApp(BusNode node, Socket listening, Socket first)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(listening.LocalEndPoint!);
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = MaxConnections;
            options.Limits.MaxRequestBodySize = MaxRequestBytes;
        });
        builder.Services.AddSingleton<IConnectionListenerFactory>(new OpenListenerFactory(listening, first));
        NodeMetrics metrics = node.Metrics;
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("causeway", serviceInstanceId: node.Info.ServerId))
            .WithMetrics(meters => meters.AddMeter(metrics.Name).AddPrometheusExporter());
        _app = builder.Build();
        _app.UseOpenTelemetryPrometheusScrapingEndpoint("/metrics");
        _app.Run(new Pages(node).ServeAsync);
    }

    /// <summary>Begins to answer.</summary>
    public Task StartAsync() => _app.StartAsync();

    /// <summary>Ends: who is being answered is answered first.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }
}

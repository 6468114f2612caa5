using System.Net;
using Causeway.Bus.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Causeway.Bus.Monitoring;

/// <summary>The node's monitoring pages over HTTP, on Kestrel.</summary>
public sealed class MonitoringServer : IAsyncDisposable
{
    private const int MaxConnections = 64;
    private const int MaxRequestBytes = 1024;

    private readonly WebApplication _app;
    private readonly NodeMetrics _metrics;

    private MonitoringServer(WebApplication app, NodeMetrics metrics)
    {
        _app = app;
        _metrics = metrics;
    }

    /// <summary>Where it listens, with the port that was chosen if 0 was asked for.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts the pages of <paramref name="node"/> on <paramref name="address"/>. Throws IOException if it can't be had.</summary>
    public static async Task<MonitoringServer> StartAsync(BusNode node, IPEndPoint address, ILogger log)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(address);
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = MaxConnections;
            options.Limits.MaxRequestBodySize = MaxRequestBytes;
        });
        NodeMetrics metrics = new(node);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("causeway", serviceInstanceId: node.Info.ServerId))
            .WithMetrics(meters => meters.AddMeter(NodeMetrics.MeterName).AddPrometheusExporter());
        WebApplication app = builder.Build();
        app.UseOpenTelemetryPrometheusScrapingEndpoint("/metrics");
        app.Run(new Pages(node).ServeAsync);
        try
        {
            await app.StartAsync().ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            metrics.Dispose();
            throw;
        }

        MonitoringServer server = new(app, metrics);
        node.MonitoringUrl = UrlFor(node, server.Address);
        NodeLog.Monitoring(log, server.Address.Authority);
        return server;
    }

    /// <summary>The pages as others reach them: who listens on all addresses is found where clients find the node.</summary>
    private static string UrlFor(BusNode node, Uri address)
    {
        bool onAll = IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
        return new UriBuilder(address.Scheme, onAll ? node.Info.Host : address.Host, address.Port).Uri.GetLeftPart(UriPartial.Authority);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
    }
}

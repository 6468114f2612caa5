using Causeway.Director.Admission;
using Causeway.Director.Control;
using Causeway.Director.Pages;
using Causeway.Director.Registry;
using Causeway.Director.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Causeway.Director.Http;

/// <summary>A whole director: registry, admission, HTTP and pages.</summary>
public sealed partial class DirectorServer : IAsyncDisposable
{
    /// <summary>The name of the meter that a director's instruments belong to.</summary>
    public const string MeterName = DirectorMetrics.MeterName;

    private readonly DirectorOptions _options;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly DirectorActions _actions;
    private readonly BusFeed _feed;
    private readonly DirectorMetrics _metrics;
    private readonly NodeSpread _spread = new(new Random());
    private readonly WebApplication _app;
    private PagesModule? _pages;
    private Task _looking = Task.CompletedTask;
    private int _disposed;

    private DirectorServer(DirectorOptions options, IDirectorStore store, ILogger log)
    {
        _options = options;
        _log = log;
        Store = store;
        Registry = new DeploymentRegistry(options.Name, () => Url, options.Key, store, options.Time, log);
        Admitter = new Admitter(store, options.RatePerSecond);
        _feed = new BusFeed(options.Servers, $"director {options.Name}", Registry, options.Time, log);
        _actions = new DirectorActions(Registry, new NodeCommander(_feed, options.Key, options.Time), options.Time, log);
        _metrics = new DirectorMetrics(Registry, Admitter, _spread, _feed, store);
        _app = Build(options);
    }

    /// <summary>The deployment.</summary>
    public DeploymentRegistry Registry { get; }

    /// <summary>What directors share.</summary>
    public IDirectorStore Store { get; }

    /// <summary>What decides.</summary>
    public Admitter Admitter { get; }

    /// <summary>Where it listens, with the port that was chosen if 0 was asked for.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private string Url => _options.AdvertiseUrl.Length > 0 ? _options.AdvertiseUrl : Address.GetLeftPart(UriPartial.Authority);

    /// <summary>Starts a director. Throws IOException if its address can't be had. The store is disposed with it.</summary>
    public static async Task<DirectorServer> StartAsync(DirectorOptions options, IDirectorStore store, ILogger log)
    {
        DirectorServer server = new(options, store, log);
        try
        {
            server.Map();
            await server._app.StartAsync().ConfigureAwait(false);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        server._looking = Task.Run(server.LookAsync);
        LogServing(log, options.Name, server.Url);
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _looking.ConfigureAwait(false);
        if (_pages is not null)
        {
            await _pages.DisposeAsync().ConfigureAwait(false);
        }

        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        await _feed.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
        await Store.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private static WebApplication Build(DirectorOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Listen);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = HttpLimits.MaxConnections;
            kestrel.Limits.MaxRequestBodySize = HttpLimits.MaxRequestBytes;
            kestrel.Limits.MaxRequestLineSize = HttpLimits.MaxRequestLineBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = HttpLimits.MaxHeaderBytes;
            kestrel.Limits.RequestHeadersTimeout = HttpLimits.HeadersTimeout;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = HttpLimits.ShutdownTimeout);
        builder.Services.AddRoutingCore();
        builder.Services.AddRateLimiter(limiter => RequestRates.Configure(limiter, options.RequestsPerSecond));
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("causeway-director", serviceInstanceId: options.Name))
            .WithMetrics(meters => meters.AddMeter(DirectorMetrics.MeterName).AddPrometheusExporter());
        return builder.Build();
    }

    private void Map()
    {
        _app.UseRouting();
        _app.UseRateLimiter();
        _app.UseOpenTelemetryPrometheusScrapingEndpoint("/metrics");
        new RegionsEndpoints(_options, Registry, Admitter, _spread).Map(_app);
        new OperatorEndpoints(_options, _actions).Map(_app);
        new HealthEndpoints(Registry, _feed, Store, _options.Time).Map(_app);
        _pages = _app.MapPages(new PagesServices
        {
            Director = _options.Name,
            Source = Registry,
            Documents = new SharedStatusDocuments(Store),
            Actions = _actions,
            IsOperator = _options.Access.IsOperator,
            SessionKey = _options.Access.SessionKey,
            Drills = _options.Drills,
            Time = _options.Time,
            Logger = _log,
        });
        _metrics.Add(_pages);
    }

    private async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Registry.LookAsync(_stop.Token).ConfigureAwait(false);
                await _actions.StopNodesAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // The next look may succeed; /healthz says when none has for long.
                LogLookFailed(_log, failure);
            }

            await Task.Delay(RegistryLimits.ViewInterval, _options.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(201, LogLevel.Information, "Director {Name} serves {Url}")]
    private static partial void LogServing(ILogger logger, string name, string url);

    [LoggerMessage(202, LogLevel.Error, "The director could not look at the deployment")]
    private static partial void LogLookFailed(ILogger logger, Exception failure);
}

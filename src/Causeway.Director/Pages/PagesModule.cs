using Causeway.Director.Pages.Access;
using Causeway.Director.Pages.Ops;
using Causeway.Director.Pages.Public;
using Causeway.Director.Registry;
using Causeway.Director.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Causeway.Director.Pages;

/// <summary>
/// The operations page at <c>/ops</c> and the public status page at <c>/status</c>, with all that they keep. One for each director;
/// dispose it before the host, or live pages keep the host waiting. Thread-safe.
/// </summary>
public sealed partial class PagesModule : IAsyncDisposable
{
    private readonly PagesServices _services;
    private readonly OperatorGuard _guard;
    private readonly OpsStreams _streams;
    private readonly ViewHistory _history = new();
    private readonly EventLog _events = new();
    private readonly OpsFrame _frame = new();
    private readonly Lock _frameGate = new();
    private readonly CancellationTokenSource _stop = new();

    private PagesModule(PagesServices services)
    {
        _services = services;
        _guard = new OperatorGuard(services);
        _streams = new OpsStreams(services.Time);
        Status = new StatusPublisher(services.Source, services.Documents, services.Director, services.Time, services.Logger);
    }

    /// <summary>What the status page shows.</summary>
    public StatusPublisher Status { get; }

    /// <summary>Operations pages that are live.</summary>
    public int OpenStreams => _streams.Open;

    /// <summary>Operations pages that were refused because too many were live, since the start.</summary>
    public long RefusedStreams => _streams.Refused;

    /// <summary>Logins that were refused because of too many wrong tokens, since the start.</summary>
    public long RefusedLogins => _guard.Throttle.Refused;

    /// <summary>Builds the pages, adds their addresses to <paramref name="routes"/>, and begins to look at the deployment.</summary>
    public static PagesModule Start(IEndpointRouteBuilder routes, PagesServices services)
    {
        PagesModule module = new(services);
        RouteGroupBuilder pages = routes.MapGroup("");
        pages.AddEndpointFilter(static (call, next) => SecurityHeaders.AddAsync(call, next));
        new StatusEndpoints(module.Status).Map(pages);
        OpsActions actions = new(services, module.Status, module._events);
        new OpsEndpoints(services, module._guard, module._streams, module._history, actions, module._stop.Token).Map(pages);
        services.Source.Changed += module.Follow;
        module.Status.Start();
        return module;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _services.Source.Changed -= Follow;
        await _stop.CancelAsync().ConfigureAwait(false);
        await Status.DisposeAsync().ConfigureAwait(false);
        _guard.Dispose();
    }

    private void Follow(DeploymentView view)
    {
        try
        {
            lock (_frameGate)
            {
                _history.Add(view);
                _events.Follow(view);
                _streams.Publish(_frame.Write(view, Status.Current, _events.Newest(PagesLimits.MaxEventsShown), _services.Drills?.State));
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A view that the pages stumble over must not stop what else follows the deployment.
            LogFailed(_services.Logger, failure);
        }
    }

    [LoggerMessage(215, LogLevel.Error, "The operations page could not show the deployment's last change")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}

/// <summary>Adds the pages to an application.</summary>
public static class PagesMapping
{
    /// <summary>Adds the operations page and the status page; dispose what is returned before the application.</summary>
    public static PagesModule MapPages(this IEndpointRouteBuilder routes, PagesServices services) => PagesModule.Start(routes, services);
}

using System.Diagnostics.Metrics;
using Causeway.Alerting;
using Causeway.Director.Admission;
using Causeway.Director.Pages;
using Causeway.Director.Registry;
using Causeway.Director.Store;

namespace Causeway.Director.Http;

/// <summary>The director's instruments, which <c>/metrics</c> exports. Read when asked.</summary>
internal sealed class DirectorMetrics : IDisposable
{
    public const string MeterName = "Causeway.Director";

    private readonly Meter _meter = new(MeterName);

    public DirectorMetrics(DeploymentRegistry registry, Admitter admitter, NodeSpread spread, BusFeed feed, IDirectorStore store)
    {
        _meter.CreateObservableCounter("causeway_director_reports", () => ByName<ReportResult>(registry.Count), description: "Messages on report subjects, by what became of them.");
        _meter.CreateObservableCounter("causeway_director_decisions", () => ByName<Advice>(admitter.Count), description: "Decisions for clients, by kind.");
        _meter.CreateObservableCounter("causeway_director_uncounted_places", () => spread.Uncounted, description: "Clients sent to a node while too many others were under way to count them.");
        _meter.CreateObservableGauge("causeway_director_bus_connected", () => feed.Client is null ? 0 : 1, description: "1 while the director is connected to the bus.");
        _meter.CreateObservableGauge("causeway_director_in_doubt", () => registry.Snapshot.IsInDoubt ? 1 : 0, description: "1 while the director hears no node.");
        _meter.CreateObservableGauge("causeway_director_store_well", () => store.State.IsWell ? 1 : 0, description: "0 while the director goes on from its memory because its store can't be reached.");
        _meter.CreateObservableGauge("causeway_director_directors", () => registry.Snapshot.LiveDirectors, description: "Directors that live.");
        _meter.CreateObservableGauge("causeway_director_region_room", () => ByRegion(registry, region => region.Room), description: "Clients that a region has room for.");
        _meter.CreateObservableGauge("causeway_director_region_clients", () => ByRegion(registry, region => region.Clients), description: "Clients of a region.");
        _meter.CreateObservableGauge("causeway_director_region_health", () => ByRegion(registry, region => (int)region.Health), description: "0 healthy, 1 degraded, 2 down.");
        _meter.CreateObservableGauge("causeway_director_region_draining", () => ByRegion(registry, region => region.IsDraining ? 1 : 0), description: "1 while a region is drained.");
        _meter.CreateObservableGauge("causeway_director_alarms", () => OpenAlarms.Count(registry.OwnAlarms, DirectorAlarms.Rules), description: "Alarms of the director's own that are open, by rule and severity.");
        _meter.CreateObservableCounter("causeway_director_alarms_suppressed", () => registry.SuppressedAlarms, description: "Looks at which an alarm was not followed or opened for want of room.");
        _meter.CreateObservableCounter("causeway_director_failed_listeners", () => registry.FailedListeners, description: "Failures of what follows the deployment; not zero is a defect.");
    }

    /// <summary>Tells of the pages as well.</summary>
    public void Add(PagesModule pages)
    {
        _meter.CreateObservableGauge("causeway_director_live_pages", () => pages.OpenStreams, description: "Operations pages that are live.");
        _meter.CreateObservableCounter("causeway_director_live_pages_refused", () => pages.RefusedStreams, description: "Operations pages that were refused because too many were live.");
        _meter.CreateObservableCounter("causeway_director_logins_refused", () => pages.RefusedLogins, description: "Logins that were refused because of too many wrong tokens.");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> ByName<T>(Func<T, long> count)
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(value => new Measurement<long>(count(value), new KeyValuePair<string, object?>("result", value.ToString().ToLowerInvariant())));

    private static IEnumerable<Measurement<int>> ByRegion(DeploymentRegistry registry, Func<RegionView, int> read) =>
        registry.Current.Regions.Select(region => new Measurement<int>(read(region), new KeyValuePair<string, object?>("region", region.Name)));
}

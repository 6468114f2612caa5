using System.Collections.Concurrent;
using System.Net;
using Causeway.Director.Pages;
using Causeway.Director.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Causeway.Director.Tests.Pages.Support;

/// <summary>The pages on a port of this machine, over a scripted deployment and a clock that the test moves.</summary>
internal sealed class PagesHost : IOperatorActions, IDrillControl, IAsyncDisposable
{
    public const string Token = "token-of-the-operators";

    private readonly WebApplication _app;

    private PagesHost(WebApplication app, DeploymentView first, FakeTimeProvider time, MemoryDocuments documents, bool hasDrills)
    {
        (_app, Time, Documents) = (app, time, documents);
        Deployment = new ScriptedDeployment(first);
        Pages = app.MapPages(new PagesServices
        {
            Director = "d1",
            Source = Deployment,
            Documents = documents,
            Actions = this,
            IsOperator = token => token == Token,
            SessionKey = Enumerable.Range(7, 32).Select(i => (byte)i).ToArray(),
            Drills = hasDrills ? this : null,
            Time = time,
            Logger = NullLogger.Instance,
        });
    }

    public ScriptedDeployment Deployment { get; }

    public FakeTimeProvider Time { get; }

    public MemoryDocuments Documents { get; }

    public PagesModule Pages { get; }

    public Uri Address => new(_app.Urls.First());

    /// <summary>The actions that were called, in words.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>What actions answer.</summary>
    public ActionOutcome Outcome { get; set; } = ActionOutcome.Done;

    /// <summary>What drills look like.</summary>
    public DrillState? State { get; set; }

    public static async Task<PagesHost> StartAsync(DeploymentView? first = null, DateTimeOffset? now = null, MemoryDocuments? documents = null, bool hasDrills = false)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        DateTimeOffset at = now ?? Views.Start;
        PagesHost host = new(app, first ?? Views.Healthy(at, "us-east-1", "us-west-1", "ap-southeast-2"), new FakeTimeProvider(at), documents ?? new MemoryDocuments(), hasDrills);
        await app.StartAsync();
        return host;
    }

    /// <summary>Moves the clock on, shows <paramref name="view"/>, and lets the status page look at it.</summary>
    public async Task ShowAsync(Func<DateTimeOffset, DeploymentView> view, TimeSpan step, int steps = 1)
    {
        for (int i = 0; i < steps; i++)
        {
            Time.Advance(step);
            Deployment.Show(view(Time.GetUtcNow()));
            await Pages.Status.LookAsync(CancellationToken.None);
        }
    }

    public Task<ActionOutcome> DrainRegionAsync(string region, CancellationToken cancel) => Called($"drain {region}");

    public Task<ActionOutcome> UndrainRegionAsync(string region, CancellationToken cancel) => Called($"undrain {region}");

    public Task<ActionOutcome> DrainNodeAsync(string region, string node, CancellationToken cancel) => Called($"drain {region}/{node}");

    public Task<ActionOutcome> SetMemoryLimitAsync(string region, string node, long bytes, CancellationToken cancel) => Called($"limit {region}/{node} {bytes}");

    public Task<IReadOnlyList<DrillOffer>> ListAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<DrillOffer>>(
    [
        new DrillOffer("march-8", "Growth of subscriptions, a slow link to Sydney, redirected load."), new DrillOffer("region-loss", "A whole region is killed."), new DrillOffer("flapping-link", "A link that comes and goes."),
    ]);

    public Task<ActionOutcome> StartAsync(string name, CancellationToken cancel) => Called($"start {name}");

    public Task<ActionOutcome> StopAsync(CancellationToken cancel) => Called("stop");

    public Task<string?> ReportAsync(CancellationToken cancel) => Task.FromResult<string?>(Calls.IsEmpty ? null : "<!doctype html><title>A report</title>");

    public async ValueTask DisposeAsync()
    {
        await Pages.DisposeAsync();
        await _app.DisposeAsync();
    }

    private Task<ActionOutcome> Called(string call)
    {
        Calls.Enqueue(call);
        return Task.FromResult(Outcome);
    }
}

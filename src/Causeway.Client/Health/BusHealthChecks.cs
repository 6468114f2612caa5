using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Causeway.Client.Health;

/// <summary>Registers the check of the bus with ASP.NET Core's or a host's health checks.</summary>
public static class BusHealthChecks
{
    /// <summary>The tag of the registration, by which a page for readiness selects it and one for liveness leaves it out.</summary>
    public const string ReadyTag = "ready";

    /// <summary>
    /// Adds a check of the bus by a round trip through it. Map it for readiness, and not for liveness:
    /// <code>
    /// builder.Services.AddSingleton(client).AddHealthChecks().AddCauseway();
    /// app.MapHealthChecks("/readyz", new() { Predicate = check => check.Tags.Contains("ready") });
    /// app.MapHealthChecks("/healthz", new() { Predicate = _ => false });
    /// </code>
    /// </summary>
    /// <param name="builder">The checks to add to.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="client">Finds the client; null for the <see cref="BusClient"/> among the services.</param>
    /// <param name="options">How health is judged; null for the defaults.</param>
    /// <param name="failureStatus">What a lasting failure makes of the process; null for unhealthy.</param>
    /// <param name="tags">Tags of the check; null for <see cref="ReadyTag"/>.</param>
    public static IHealthChecksBuilder AddCauseway(
        this IHealthChecksBuilder builder,
        string name = "causeway",
        Func<IServiceProvider, BusClient>? client = null,
        BusHealthOptions? options = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Lock gate = new();
        BusHealthCheck? check = null;

        // One check for all requests: it remembers since when the bus fails.
        IHealthCheck Create(IServiceProvider services)
        {
            lock (gate)
            {
                return check ??= new BusHealthCheck(client?.Invoke(services) ?? services.GetRequiredService<BusClient>(), options);
            }
        }

        return builder.Add(new HealthCheckRegistration(name, Create, failureStatus, tags ?? [ReadyTag]));
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Causeway.Client.Hosting;

/// <summary>Registers clients of the bus with a host.</summary>
/// <remarks>
/// The client connects in the background, so that a host starts without its bus; a health check (<c>AddHealthChecks().AddCauseway()</c>) says
/// whether it has one. When the host stops the client is drained, within <see cref="ClientHostingOptions.DrainTimeout"/>, after the
/// services that were registered behind it have stopped. What happens to the connection is logged under the category of <see cref="BusClient"/>.
/// </remarks>
public static class CausewayClients
{
    /// <summary>Registers a <see cref="BusClient"/> that configuration describes; <see cref="ClientConfiguration"/> lists the keys.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The section with the keys.</param>
    /// <param name="name">The key under which services ask for the client (<c>[FromKeyedServices("name")]</c>); null for the only one.</param>
    /// <exception cref="ArgumentException">A key is not known or its value is wrong: thrown here, where the host is built.</exception>
    public static IServiceCollection AddCausewayClient(this IServiceCollection services, IConfiguration configuration, string? name = null)
    {
        ClientHostingOptions options = ClientConfiguration.Read(configuration);
        return services.AddCausewayClient(_ => options, name);
    }

    /// <summary>Registers a <see cref="BusClient"/> with options that code makes.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">Makes the options, once, when the client is first asked for or the host starts.</param>
    /// <param name="name">The key under which services ask for the client; null for the only one.</param>
    public static IServiceCollection AddCausewayClient(
        this IServiceCollection services, Func<IServiceProvider, ClientHostingOptions> options, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddKeyedSingleton(name, (provider, _) => Create(provider, options(provider)));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<ClientLifetime>(name));
        return name is null
            ? services.AddSingleton(provider => provider.GetRequiredKeyedService<ClientLifetime>(null).Client)
            : services.AddKeyedSingleton(name, (provider, _) => provider.GetRequiredKeyedService<ClientLifetime>(name).Client);
    }

    private static ClientLifetime Create(IServiceProvider provider, ClientHostingOptions options)
    {
        ILogger logger = (ILogger?)provider.GetService<ILogger<BusClient>>() ?? NullLogger.Instance;
        Action<ClientEvent>? listener = options.Client.OnEvent;
        return new ClientLifetime(
            BusClient.Start(options.Client with
            {
                OnEvent = happened =>
                {
                    ClientLog.Write(logger, happened);
                    listener?.Invoke(happened);
                },
            }),
            options.DrainTimeout,
            logger);
    }
}

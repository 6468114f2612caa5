namespace Causeway.Client.Hosting;

/// <summary>How a client lives in a host. Immutable.</summary>
public sealed record ClientHostingOptions
{
    /// <summary>How the client connects and behaves.</summary>
    public BusClientOptions Client { get; init; } = new();

    /// <summary>How long draining may take when the host stops. Default: 5 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);
}

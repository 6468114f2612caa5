namespace Causeway.Compare.Clients;

/// <summary>A load of <c>bench/clients</c>, the same for all clients: <see cref="Kind"/> says which processes there are.</summary>
internal sealed record ClientScenario(string Name, string Title, ClientLoadKind Kind, int Size, int InFlight = 1)
{
    /// <summary>All of them, in the order of the report.</summary>
    public static IReadOnlyList<ClientScenario> All { get; } =
    [
        new("publish-16", "16 B", ClientLoadKind.Publish, 16),
        new("publish-128", "128 B", ClientLoadKind.Publish, 128),
        new("1-1-16", "16 B", ClientLoadKind.OneToOne, 16),
        new("1-1-128", "128 B", ClientLoadKind.OneToOne, 128),
        new("fan-in-128", "128 B", ClientLoadKind.FanIn, 128),
        new("request-1", "128 B, 1 in flight", ClientLoadKind.Request, 128),
        new("request-64", "128 B, 64 in flight", ClientLoadKind.Request, 128, InFlight: 64),
    ];
}

/// <summary>Which processes a load has, and the table that shows it.</summary>
internal enum ClientLoadKind
{
    /// <summary>One that publishes where nobody subscribes.</summary>
    Publish,

    /// <summary>One that publishes and one that receives.</summary>
    OneToOne,

    /// <summary>One that receives what a load generator publishes over four connections.</summary>
    FanIn,

    /// <summary>One that asks and one that answers.</summary>
    Request,
}

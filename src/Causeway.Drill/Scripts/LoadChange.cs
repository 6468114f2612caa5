using Causeway.Drill.Load;

namespace Causeway.Drill.Scripts;

/// <summary>A change of load: what is null stays as it is. Immutable.</summary>
internal sealed record LoadChange
{
    public int? Clients { get; init; }

    public double? LocalMessagesPerSecond { get; init; }

    public double? GlobalMessagesPerSecond { get; init; }

    public double? CallsPerSecond { get; init; }

    public int? HeldSubscriptions { get; init; }

    public double? ChurnPerSecond { get; init; }

    public int? StuckClients { get; init; }

    public int? PayloadBytes { get; init; }

    /// <summary>The level between <paramref name="from"/> and what this asks for, at a share from 0 to 1 of the way.</summary>
    public LoadLevel Apply(LoadLevel from, double share = 1) => new()
    {
        Clients = Between(from.Clients, Clients, share),
        LocalMessagesPerSecond = Between(from.LocalMessagesPerSecond, LocalMessagesPerSecond, share),
        GlobalMessagesPerSecond = Between(from.GlobalMessagesPerSecond, GlobalMessagesPerSecond, share),
        CallsPerSecond = Between(from.CallsPerSecond, CallsPerSecond, share),
        HeldSubscriptions = Between(from.HeldSubscriptions, HeldSubscriptions, share),
        ChurnPerSecond = Between(from.ChurnPerSecond, ChurnPerSecond, share),
        StuckClients = Between(from.StuckClients, StuckClients, share),
        PayloadBytes = PayloadBytes ?? from.PayloadBytes,
    };

    private static double Between(double from, double? to, double share) => from + (((to ?? from) - from) * share);

    private static int Between(int from, int? to, double share) => (int)Math.Round(Between(from, (double?)to, share));
}

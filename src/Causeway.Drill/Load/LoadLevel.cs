namespace Causeway.Drill.Load;

/// <summary>What the clients of one region do. Immutable.</summary>
public sealed record LoadLevel
{
    /// <summary>Clients connected.</summary>
    public int Clients { get; init; }

    /// <summary>Chat messages a second by all of them together, to rooms of their own region.</summary>
    public double LocalMessagesPerSecond { get; init; }

    /// <summary>Chat messages a second by all of them together, to rooms that every region listens to.</summary>
    public double GlobalMessagesPerSecond { get; init; }

    /// <summary>Calls (request and reply) a second to each other region.</summary>
    public double CallsPerSecond { get; init; }

    /// <summary>Literal subscriptions held beside those of the rooms, of about 60 characters each.</summary>
    public int HeldSubscriptions { get; init; }

    /// <summary>Of those held, how many come and as many go each second.</summary>
    public double ChurnPerSecond { get; init; }

    /// <summary>Clients beside those that stop reading while their rooms go on.</summary>
    public int StuckClients { get; init; }

    /// <summary>Bytes of a chat message.</summary>
    public int PayloadBytes { get; init; } = 200;

    /// <summary>Checks it against <see cref="LoadLimits"/>.</summary>
    /// <exception cref="ArgumentException">Something is beyond its limit; the message is for the user.</exception>
    internal void Check()
    {
        CheckRange(Clients, LoadLimits.MaxClients, nameof(Clients));
        CheckRange(LocalMessagesPerSecond, LoadLimits.MaxMessagesPerSecond, nameof(LocalMessagesPerSecond));
        CheckRange(GlobalMessagesPerSecond, LoadLimits.MaxMessagesPerSecond, nameof(GlobalMessagesPerSecond));
        CheckRange(CallsPerSecond, LoadLimits.MaxMessagesPerSecond, nameof(CallsPerSecond));
        CheckRange(HeldSubscriptions, LoadLimits.MaxHeldSubscriptions, nameof(HeldSubscriptions));
        CheckRange(ChurnPerSecond, LoadLimits.MaxMessagesPerSecond, nameof(ChurnPerSecond));
        CheckRange(StuckClients, LoadLimits.MaxStuckClients, nameof(StuckClients));
        CheckRange(PayloadBytes, LoadLimits.MaxPayloadBytes, nameof(PayloadBytes));
    }

    private static void CheckRange(double value, double most, string name)
    {
        if (!(value >= 0 && value <= most))
        {
            throw new ArgumentException($"{name} of a load can't be {value}; accepted is 0 to {most}");
        }
    }
}

namespace Causeway.Drill.Load;

/// <summary>How a load's clients go about what <see cref="LoadLevel"/> asks of them. Immutable.</summary>
public sealed record LoadSettings
{
    /// <summary>Clients of a region that share a room, and of every region that share a global one.</summary>
    public int RoomMembers { get; init; } = 10;

    /// <summary>How long a call waits for its answer.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long after its subscriptions have reached its node a client is owed what others publish: by then all nodes know of them,
    /// those of other regions too if their links are well.
    /// </summary>
    public TimeSpan SettleAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Failed attempts to connect again after which a client turns to the next region, as its configuration would tell it where there is
    /// no director.
    /// </summary>
    public int AttemptsPerRegion { get; init; } = 6;

    /// <summary>Makes choices repeatable.</summary>
    public int Seed { get; init; } = 1;
}

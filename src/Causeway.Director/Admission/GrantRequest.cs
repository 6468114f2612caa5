namespace Causeway.Director.Admission;

/// <summary>Asks for a place for a client in a region. Immutable.</summary>
public sealed record GrantRequest
{
    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>The client, by the name that it gave itself; the same one has one grant only.</summary>
    public required string Client { get; init; }

    /// <summary>Clients that the region has room for, by the last reports, all grants included.</summary>
    public required int Room { get; init; }

    /// <summary>Most clients a second that the region takes.</summary>
    public required double RatePerSecond { get; init; }

    /// <summary>Most clients that it takes at once.</summary>
    public required double Burst { get; init; }

    /// <summary>The longest wait for which the client wants a place in the queue; zero for none.</summary>
    public required TimeSpan MaxWait { get; init; }

    /// <summary>Directors that live, at least 1: the parts of the room and rate where each goes on from its own memory.</summary>
    public int Directors { get; init; } = 1;
}

/// <summary>What became of a <see cref="GrantRequest"/>.</summary>
public enum GrantResult
{
    /// <summary>The client has a place and has to connect within <see cref="AdmissionLimits.GrantLease"/>.</summary>
    Granted,

    /// <summary>There is room; its turn is after <see cref="GrantAnswer.Wait"/>, and a place in the queue is kept.</summary>
    Queued,

    /// <summary>There is room, but the wait would be longer than it wants, or the queue is full.</summary>
    Busy,

    /// <summary>There is no room.</summary>
    Full,
}

/// <summary>The answer to a <see cref="GrantRequest"/>. Immutable.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="Wait">The time after which to ask again; zero if granted.</param>
/// <param name="Outstanding">Grants of the region that live now, all directors' together.</param>
public readonly record struct GrantAnswer(GrantResult Result, TimeSpan Wait, int Outstanding);

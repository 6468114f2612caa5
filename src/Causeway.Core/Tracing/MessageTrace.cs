namespace Causeway.Core.Tracing;

/// <summary>What one node did with one traced message. The subject is told by its beginning, and nothing of the payload is.</summary>
public sealed record MessageTrace
{
    /// <summary>The trace and the span that the message was published in.</summary>
    public required TraceContext Context { get; init; }

    /// <summary>The node that it came from over a link; empty for one that a client published here.</summary>
    public string From { get; init; } = "";

    /// <summary>The region of <see cref="From"/>.</summary>
    public string FromRegion { get; init; } = "";

    /// <summary>The client that published it here; 0 for one that came over a link.</summary>
    public ulong Client { get; init; }

    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The first tokens of the subject.</summary>
    public required string SubjectPrefix { get; init; }

    /// <summary>Bytes of headers and payload.</summary>
    public required int Bytes { get; init; }

    /// <summary>When the node began to route it.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long routing took, until it was in every queue that it goes out by.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Subscriptions of clients here that got it.</summary>
    public required long Delivered { get; init; }

    /// <summary>The nodes that it was sent on to over links, with their regions.</summary>
    public required IReadOnlyList<(string Node, string Region)> Links { get; init; }
}

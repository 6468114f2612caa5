using Causeway.Client.Rpc.Streams;
using Causeway.Client.Timing;

namespace Causeway.Client.Rpc.Calls;

/// <summary>A call that waits for its answer: what it asks, and how far it is. The state belongs to the <see cref="CallTable"/>.</summary>
internal sealed class PendingCall : IDue
{
    public required string Service { get; init; }

    /// <summary>The method's name, with the service's in front.</summary>
    public required string Method { get; init; }

    public required RpcTarget Target { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    public required ICallSink Sink { get; init; }

    /// <summary>When the caller gives up.</summary>
    public required long Deadline { get; init; }

    public bool Idempotent { get; init; }

    /// <summary>For a stream to be opened: what takes its frames. Null for calls.</summary>
    public IFrameSink? Stream { get; init; }

    /// <summary>The number of the present attempt.</summary>
    public long Number { get; set; }

    public int Attempts { get; set; }

    /// <summary>The subject that the present attempt went to.</summary>
    public string Subject { get; set; } = string.Empty;

    /// <summary>The server that it went to, or that said to have it; null while that is not known.</summary>
    public string? Server { get; set; }

    /// <summary>Until when a server must have said that it has it; <see cref="long.MaxValue"/> where none is asked to.</summary>
    public long ClaimBy { get; set; } = long.MaxValue;

    /// <summary>When to try to send it again, for want of room; <see cref="long.MaxValue"/> where it is sent.</summary>
    public long SendAt { get; set; } = long.MaxValue;

    public long DueAt => Math.Min(Deadline, Math.Min(ClaimBy, SendAt));

    public int HeapIndex { get; set; } = -1;

    /// <summary>Whether an earlier attempt got no answer, so that it may have begun whatever becomes of this one.</summary>
    public bool MayHaveBegun { get; set; }

    /// <summary>Whether it waits for room to be sent for the first time.</summary>
    public bool AwaitsRoom { get; set; }

    /// <summary>Whether all servers of the service were asked.</summary>
    public bool IsBroadcast { get; set; }

    public override string ToString() => $"{Method} ({Target})";
}

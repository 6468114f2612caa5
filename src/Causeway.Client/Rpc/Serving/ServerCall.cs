using Causeway.Client.Rpc.Wire;
using Causeway.Client.Timing;

namespace Causeway.Client.Rpc.Serving;

/// <summary>A request at a server, from its arrival to the end of its handler. The state belongs to the <see cref="Dispatcher"/>.</summary>
internal sealed class ServerCall : IDue
{
    private int _answered;

    public required RpcHeader Header { get; init; }

    public required string? ReplyTo { get; init; }

    public required byte[] Payload { get; init; }

    public required MethodQueue Method { get; init; }

    public required long ArrivedAt { get; init; }

    /// <summary>When the caller gives up, as far as this side can know: the way here is not counted.</summary>
    public required long Deadline { get; init; }

    /// <summary>It is not begun after this.</summary>
    public required long StartBy { get; init; }

    /// <summary>When the caller is told that the call is in work; <see cref="long.MaxValue"/> where it need not be.</summary>
    public long NoticeAt { get; set; } = long.MaxValue;

    public ServerCallState State { get; set; }

    /// <summary>Whether the caller has got, or gets, its answer, or wants none any more.</summary>
    public bool IsAnswered => Volatile.Read(ref _answered) != 0;

    public long StartedAt { get; set; }

    /// <summary>Its place in the queue while it waits.</summary>
    public LinkedListNode<ServerCall>? Node { get; set; }

    /// <summary>Cancelled at the deadline, by the caller, or when the server closes.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    public bool IsStream => Header.Kind == RpcKind.Open;

    public long DueAt => Math.Min(NoticeAt, State == ServerCallState.Waiting ? StartBy : IsStream ? long.MaxValue : Deadline);

    public int HeapIndex { get; set; } = -1;

    /// <summary>Takes it on to answer; false where somebody has already. Safe for any thread.</summary>
    public bool TryAnswer() => Interlocked.Exchange(ref _answered, 1) == 0;
}

/// <summary>Where a request stands.</summary>
internal enum ServerCallState
{
    Waiting,
    Running,
    Ended,
}

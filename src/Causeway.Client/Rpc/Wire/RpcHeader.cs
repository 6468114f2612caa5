namespace Causeway.Client.Rpc.Wire;

/// <summary>The header of a message of RPC. Which fields count depends on the kind; <see cref="RpcHeaderText"/> says how they are written.</summary>
internal readonly record struct RpcHeader(RpcKind Kind)
{
    /// <summary>Of a call, stream to be opened or cancelled.</summary>
    public CallId Id { get; init; }

    /// <summary>The address of the server that says it.</summary>
    public string From { get => field ?? string.Empty; init; }

    public string Method { get => field ?? string.Empty; init; }

    public string Key { get => field ?? string.Empty; init; }

    /// <summary>The text of an error, or a server's labels.</summary>
    public string Text { get => field ?? string.Empty; init; }

    /// <summary>The stream's number at the server; zero in what the server sends, where the subject says it.</summary>
    public long Stream { get; init; }

    /// <summary>Counts all frames of one side of a stream, from 1.</summary>
    public long Sequence { get; init; }

    /// <summary>Milliseconds that are left, or for a server's load those until it tells again.</summary>
    public long Milliseconds { get; init; }

    /// <summary>Messages that may be sent in all, since the stream's beginning; of a server's load the handlers at work.</summary>
    public long Messages { get; init; }

    /// <summary>Bytes that may be sent in all, since the stream's beginning; of a server's load the handlers that may be at work.</summary>
    public long Bytes { get; init; }

    public RpcFlags Flags { get; init; }

    public RpcCode Code { get; init; }

    public bool MayHaveRun { get; init; }
}

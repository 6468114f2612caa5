namespace Causeway.Cli.Bench;

/// <summary>What a <see cref="FrameScanner"/> tells about the stream a server sends. Spans are valid during the call only.</summary>
internal interface IFrameHandler
{
    /// <summary>The header line of a MSG or HMSG, without its line end. Its payload follows.</summary>
    void OnMessage(ReadOnlySpan<byte> line);

    /// <summary>The next part of the payload (of an HMSG: headers and payload), in order.</summary>
    void OnPayload(ReadOnlySpan<byte> part);

    void OnMessageEnd();

    void OnPing();

    void OnPong();

    /// <summary>The JSON of an INFO.</summary>
    void OnInfo(ReadOnlySpan<byte> json);

    /// <summary>An -ERR of the server, or bytes that are not the protocol. The connection has failed.</summary>
    void OnError(string error);
}

namespace Causeway.Client.Protocol;

/// <summary>Receives what <see cref="ServerParser"/> reads, in stream order. Spans are valid during the call only.</summary>
internal interface IServerEvents
{
    void OnInfo(ReadOnlySpan<byte> json);

    void OnMessage(in InboundMessage message);

    void OnPing();

    void OnPong();

    void OnOk();

    /// <param name="text">The error text without its quotes.</param>
    void OnError(ReadOnlySpan<byte> text);

    /// <summary>All that was received together and is whole has been told.</summary>
    void OnPause()
    {
    }
}

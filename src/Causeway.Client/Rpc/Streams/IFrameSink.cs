using Causeway.Client.Rpc.Wire;

namespace Causeway.Client.Rpc.Streams;

/// <summary>Takes the frames of one stream, on the link's reader. Must not block.</summary>
internal interface IFrameSink
{
    /// <summary>The server took the stream; its frames follow.</summary>
    void Opened(in RpcHeader header);

    void OnFrame(in RpcHeader header, ReadOnlySpan<byte> payload);

    /// <summary>The bus says that nobody hears what this side sends.</summary>
    void OnNobody();

    /// <summary>Looks at what is due.</summary>
    void Tick(long now);

    /// <summary>The connection is closed for good.</summary>
    void Fail(Exception reason);
}

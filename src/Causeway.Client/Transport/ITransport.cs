namespace Causeway.Client.Transport;

/// <summary>What carries the bytes of one connection. One reader and one writer at a time; disposing it ends both.</summary>
internal interface ITransport : IDisposable
{
    /// <summary>Receives at least one byte; 0 at the end of the stream.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Sends all bytes.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}

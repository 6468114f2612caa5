using Causeway.Client.Rpc.Streams;
using Causeway.Client.Rpc.Wire;
using Causeway.Client.Serialization;

namespace Causeway.Client.Rpc;

/// <summary>
/// One side of a stream: enumerate it to read the other side's values, write to it, complete it when nothing more will be written. The
/// caller disposes its side; the server's ends with its handler.
/// </summary>
/// <remarks>
/// One reader and one writer at a time. Values arrive in order, none twice; where one was lost the stream fails with
/// <see cref="RpcCode.DataLoss"/>. A writer waits while the other side has a window of values (<see cref="RpcLimits.StreamWindowMessages"/>,
/// <see cref="RpcLimits.StreamWindowBytes"/>) not read yet, so neither side holds more than that.
/// </remarks>
public sealed class RpcStream<TWrite, TRead> : IAsyncEnumerable<TRead>, IAsyncDisposable
{
    private readonly StreamChannel _channel;
    private readonly IMessageSerializer<TWrite> _write;
    private readonly IMessageSerializer<TRead> _read;

    internal RpcStream(StreamChannel channel, IMessageSerializer<TWrite> write, IMessageSerializer<TRead> read)
    {
        _channel = channel;
        _write = write;
        _read = read;
    }

    /// <summary>Sends a value, once the other side allows it. It may be lost if a server between dies; the other side then notices.</summary>
    /// <exception cref="RpcException">The stream failed, or the server is through with it.</exception>
    /// <exception cref="InvalidOperationException">It was completed, or another write is going on.</exception>
    /// <exception cref="PayloadTooLargeException">The bus takes no message of this size.</exception>
    public ValueTask WriteAsync(TWrite value, CancellationToken cancellationToken = default) => _channel.WriteAsync(Payload.Of(_write, value), cancellationToken);

    /// <summary>This side writes no more; the other's enumeration ends after what was written. Reading goes on.</summary>
    public void Complete() => _channel.End();

    /// <summary>The other side's values, until it completes or the server is through.</summary>
    /// <exception cref="RpcException">The stream failed; what had arrived before was given first.</exception>
    /// <exception cref="InvalidOperationException">Another enumeration is going on.</exception>
    public async IAsyncEnumerator<TRead> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (byte[] value in _channel.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return Read(value);
        }
    }

    /// <summary>Ends the stream: where it was not through, the other side is told that it was cancelled.</summary>
    public ValueTask DisposeAsync()
    {
        _channel.Abort(new RpcException(RpcCode.Cancelled, "the other side cancelled the stream", true));
        return ValueTask.CompletedTask;
    }

    private TRead Read(byte[] value)
    {
        try
        {
            return _read.Deserialize(value);
        }
        catch (Exception bad) when (bad is not RpcException)
        {
            throw new RpcException(RpcCode.Unreadable, $"a value of the stream can't be read: {bad.Message}", true);
        }
    }
}

using System.Buffers;
using Causeway.Client.Telemetry;

namespace Causeway.Client.Rpc.Wire;

/// <summary>The bus as a wire.</summary>
internal sealed class BusWire(BusClient bus) : IRpcWire
{
    // Nearly all headers are smaller: long keys and texts of errors are not.
    private const int UsualBlockBytes = 512;

    public bool TrySend(string subject, string? replyTo, in RpcHeader header, ReadOnlySpan<byte> payload)
    {
        try
        {
            if (ClientTelemetry.IsTracing)
            {
                MessageHeaders headers = new() { { RpcHeaderText.Name, RpcHeaderText.Write(header) } };
                return bus.TryPublish(subject, payload, replyTo, headers);
            }

            Span<byte> block = stackalloc byte[UsualBlockBytes];
            return RpcHeaderText.TryWriteBlock(header, block, out int length)
                ? bus.TryPublishBlock(subject, replyTo, block[..length], payload)
                : TrySendLarge(subject, replyTo, header, payload);
        }
        catch (Exception closed) when (closed is BusConnectionException or ObjectDisposedException)
        {
            // Who waits is told by the end of the subscriptions.
            return false;
        }
    }

    /// <summary>Waits until there may be room.</summary>
    /// <exception cref="ObjectDisposedException">The client is closed.</exception>
    public Task RoomAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(bus.State == ConnectionState.Closed, bus);
        return bus.RoomAsync(cancellationToken);
    }

    private bool TrySendLarge(string subject, string? replyTo, in RpcHeader header, ReadOnlySpan<byte> payload)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(RpcHeaderText.BlockBytesBound(header));
        try
        {
            return RpcHeaderText.TryWriteBlock(header, block, out int length) && bus.TryPublishBlock(subject, replyTo, block.AsSpan(0, length), payload);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}

using System.Text;
using Causeway.Core.Delivery;
using Causeway.Core.Protocol;
using Causeway.Core.Routing;

namespace Causeway.Core.Clients;

/// <summary>Queues the protocol's own lines for a client. One that has no room for them is too slow. Any thread.</summary>
internal sealed class ClientLines(OutboundQueue queue, IClientTransport transport, long maxPendingBytes)
{
    /// <summary>Queues <paramref name="line"/>.</summary>
    public void Send(ReadOnlySpan<byte> line)
    {
        CloseReason fault;
        lock (queue.Gate)
        {
            fault = queue.IsClosed ? CloseReason.None
                : !queue.HasRoomFor(line.Length, maxPendingBytes) ? CloseReason.SlowConsumerPendingBytes
                : queue.TryAppend(line) ? CloseReason.None : CloseReason.SlowConsumerMemory;
            if (fault != CloseReason.None)
            {
                queue.Close();
            }
        }

        if (fault != CloseReason.None)
        {
            transport.Close(fault);
        }
    }

    /// <summary>Queues an error.</summary>
    public void SendError(string error) => Send(Encoding.UTF8.GetBytes($"-ERR '{error}'\r\n"));

    /// <summary>Queues +OK for a client that wants it.</summary>
    public void Acknowledge(ConnectOptions options)
    {
        if (options.Verbose)
        {
            Send("+OK\r\n"u8);
        }
    }

    /// <summary>Has the client flushed with the batch if something waits.</summary>
    public void TouchIfAppended(DeliveryBatch batch)
    {
        if (queue.MarkIfPending())
        {
            batch.Touch(transport);
        }
    }
}

using System.Text;
using Causeway.Core.Delivery;
using Causeway.Core.Protocol;
using Causeway.Core.Routing;

namespace Causeway.Core.Clients;

/// <summary>Queues the protocol's own lines for a client. One that has no room for them is too slow. Any thread.</summary>
internal sealed class ClientLines(ClientSession client, Limits limits)
{
    private readonly OutboundQueue _queue = client.Outbound;

    /// <summary>The limits that hold for the client.</summary>
    public Limits Limits { get; set; } = limits;

    /// <summary>Queues <paramref name="line"/>.</summary>
    public void Send(ReadOnlySpan<byte> line)
    {
        client.Node.Transcript?.Sent(client, line);
        CloseReason fault;
        lock (_queue.Gate)
        {
            fault = _queue.IsClosed ? CloseReason.None
                : !_queue.HasRoomFor(line.Length, Limits.MaxPendingBytes) ? CloseReason.SlowConsumerPendingBytes
                : _queue.TryAppend(line) ? CloseReason.None : CloseReason.SlowConsumerMemory;
            if (fault != CloseReason.None)
            {
                _queue.Close();
            }
        }

        if (fault != CloseReason.None)
        {
            client.Transport.Close(fault);
        }
    }

    /// <summary>Queues an error.</summary>
    public void SendError(string error)
    {
        client.Node.Errors?.OnError(client, error);
        Send(Encoding.UTF8.GetBytes($"-ERR '{error}'\r\n"));
    }

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
        if (_queue.MarkIfPending())
        {
            batch.Touch(client.Transport);
        }
    }
}

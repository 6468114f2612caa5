using Causeway.Client.Telemetry;

namespace Causeway.Client.Delivery;

/// <summary>Gathers the replies to a request that several answer.</summary>
internal sealed class ManyReplies(BusClient client, string subject) : IReplySink
{
    public string Subject => subject;

    public MessageQueue Queue { get; } =
        new(ClientLimits.DefaultPendingMessagesMax, ClientLimits.DefaultPendingBytesMax, SlowConsumerPolicy.DropNewest);

    public void Deliver(in Message reply)
    {
        Queue.Add(reply, out bool dropped);
        Queue.Wake();
        if (dropped)
        {
            ClientTelemetry.Dropped(client.Server);
        }
    }

    public void NobodyResponds() => Queue.Complete(new NoRespondersException(subject));

    public void Fail(Exception reason) => Queue.Complete(reason);
}

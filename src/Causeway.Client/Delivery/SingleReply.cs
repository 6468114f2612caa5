namespace Causeway.Client.Delivery;

/// <summary>Waits for the first reply to a request.</summary>
internal sealed class SingleReply(string subject)
    : TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously), IReplySink
{
    public void Deliver(in Message reply) => TrySetResult(reply);

    public void NobodyResponds() => TrySetException(new NoRespondersException(subject));

    public void Fail(Exception reason) => TrySetException(reason);
}

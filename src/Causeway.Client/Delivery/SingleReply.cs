using Causeway.Client.Timing;

namespace Causeway.Client.Delivery;

/// <summary>Waits for the first reply to a request, until its time is up.</summary>
internal sealed class SingleReply(string subject, TimeSpan patience, long dueAt)
    : TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously), IReplySink, IDue
{
    public string Subject => subject;

    /// <summary>How long to wait in all.</summary>
    public TimeSpan Patience => patience;

    /// <summary>The request's number.</summary>
    public long Number { get; set; }

    /// <summary>Where the reply goes to.</summary>
    public string ReplyTo { get; set; } = string.Empty;

    public long DueAt => dueAt;

    public int HeapIndex { get; set; } = -1;

    public void Deliver(in Message reply) => TrySetResult(reply);

    public void NobodyResponds() => TrySetException(new NoRespondersException(subject));

    public void Fail(Exception reason) => TrySetException(reason);

    public TimeoutException TimeUp() => new($"no reply on '{subject}' within {patience.TotalSeconds:0.###} s");
}

using Causeway.Client.Serialization;

namespace Causeway.Client.Rpc.Calls;

/// <summary>
/// A call's task. It completes on the thread pool, where the reply is read too, since the link's reader has others to serve; whoever waits
/// for it goes on in the same place.
/// </summary>
/// <param name="serializer">Reads the reply.</param>
/// <param name="isCancellable">Whether somebody else may complete it by a cancellation, who must not find himself in the program's code.</param>
internal sealed class CallEnd<TReply>(IMessageSerializer<TReply> serializer, bool isCancellable)
    : TaskCompletionSource<TReply>(isCancellable ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None), ICallSink, IThreadPoolWorkItem
{
    private byte[] _reply = [];
    private Exception? _failure;

    /// <summary>The call, for the text of errors.</summary>
    public required string Call { get; init; }

    public void Done(string server, ReadOnlySpan<byte> payload)
    {
        _reply = payload.ToArray();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    public void Failed(Exception reason)
    {
        _failure = reason;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_failure is not null)
        {
            TrySetException(_failure);
            return;
        }

        TReply reply;
        try
        {
            reply = serializer.Deserialize(_reply);
        }
#pragma warning disable CA1031 // Whatever the serializer throws is the caller's to know.
        catch (Exception bad)
#pragma warning restore CA1031
        {
            TrySetException(bad as RpcException ?? new RpcException(RpcCode.Unreadable, $"{Call}: the reply can't be read: {bad.Message}", true));
            return;
        }

        TrySetResult(reply);
    }
}

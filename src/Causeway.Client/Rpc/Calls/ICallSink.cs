namespace Causeway.Client.Rpc.Calls;

/// <summary>Is told how a call ended, once. Must not block.</summary>
internal interface ICallSink
{
    /// <summary>The answer; empty for a stream that is open.</summary>
    void Done(string server, ReadOnlySpan<byte> payload);

    void Failed(Exception reason);
}

namespace Causeway.Client.Rpc;

/// <summary>A call or stream failed. Handlers throw it to tell the caller a code and a message; anything else they throw becomes <see cref="RpcCode.Internal"/>.</summary>
public sealed class RpcException : BusException
{
    /// <summary>Creates the exception that a handler throws.</summary>
    /// <param name="code">What the caller gets as <see cref="Code"/>.</param>
    /// <param name="message">What the caller gets as message; beyond <see cref="RpcLimits.ErrorTextLengthMax"/> characters it is cut.</param>
    public RpcException(RpcCode code, string message)
        : this(code, message, mayHaveRun: true)
    {
    }

    internal RpcException(RpcCode code, string message, bool mayHaveRun)
        : base(message)
    {
        Code = code;
        MayHaveRun = mayHaveRun;
    }

    /// <summary>Why it failed.</summary>
    public RpcCode Code { get; }

    /// <summary>
    /// Whether a handler may have begun. False means that none has and none will: the call may be made again whatever it does. True
    /// means that only an idempotent call may.
    /// </summary>
    public bool MayHaveRun { get; }
}

using Causeway.Client.Rpc.Serving;
using Causeway.Client.Rpc.Wire;
using Causeway.Client.Serialization;

namespace Causeway.Client.Rpc;

/// <summary>The handlers of one service, to be given to <see cref="RpcServer.ServeAsync"/>.</summary>
public sealed class RpcHandlers
{
    private readonly Dictionary<string, RpcHandler> _handlers = [];

    /// <summary>How a server is chosen for <see cref="RpcTarget.Best"/>; null (the default): the bus's choice is good enough, and loads are not announced.</summary>
    public RpcAffinity? Affinity { get; init; }

    internal IReadOnlyCollection<RpcHandler> All => _handlers.Values;

    /// <summary>Sets the handler of a method. It runs on the thread pool, as many at a time as <paramref name="options"/> say.</summary>
    /// <exception cref="ArgumentException">The method has a handler already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public RpcHandlers On<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method, Func<TRequest, RpcContext, Task<TReply>> handle, RpcMethodOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(handle);
        return Add(new RpcHandler(method.Service.Name, method.Name, options ?? new())
        {
            Call = async (payload, context) => Payload.Of(method.Reply, await handle(Read(method.Request, payload), context).ConfigureAwait(false)),
        });
    }

    /// <summary>Sets the handler of a method with streams. The stream is closed when it returns, and fails with what it throws.</summary>
    /// <exception cref="ArgumentException">The method has a handler already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public RpcHandlers On<TUp, TDown>(
        RpcStreamMethod<TUp, TDown> method, Func<RpcStream<TDown, TUp>, RpcContext, Task> handle, RpcMethodOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(handle);
        return Add(new RpcHandler(method.Service.Name, method.Name, options ?? new())
        {
            Stream = (channel, context) => handle(new RpcStream<TDown, TUp>(channel, method.Down, method.Up), context),
        });
    }

    private RpcHandlers Add(RpcHandler handler)
    {
        handler.Options.Validate();
        return _handlers.TryAdd(handler.Method, handler) ? this : throw new ArgumentException($"method '{handler.Method}' has a handler already");
    }

    private static T Read<T>(IMessageSerializer<T> serializer, byte[] payload)
    {
        try
        {
            return serializer.Deserialize(payload);
        }
        catch (Exception bad) when (bad is not RpcException)
        {
            throw new RpcException(RpcCode.Unreadable, $"the request can't be read: {bad.Message}", mayHaveRun: false);
        }
    }
}

using Causeway.Client.Rpc.Streams;

namespace Causeway.Client.Rpc.Serving;

/// <summary>A handler without its types: of calls, or of streams.</summary>
internal sealed class RpcHandler(string service, string method, RpcMethodOptions options)
{
    public string Service => service;

    public string Method => method;

    public RpcMethodOptions Options => options;

    public Func<byte[], RpcContext, Task<byte[]>>? Call { get; init; }

    public Func<StreamChannel, RpcContext, Task>? Stream { get; init; }
}

using Causeway.Client.Serialization;

namespace Causeway.Client.Rpc;

/// <summary>A method of one request and one reply. Made by <see cref="RpcService.Method"/>.</summary>
public sealed class RpcMethod<TRequest, TReply>
{
    internal RpcMethod(RpcService service, string name, IMessageSerializer<TRequest> request, IMessageSerializer<TReply> reply, bool idempotent)
    {
        Service = service;
        Name = name;
        FullName = $"{service.Name}.{name}";
        Request = request;
        Reply = reply;
        Idempotent = idempotent;
    }

    /// <summary>The contract that it belongs to.</summary>
    public RpcService Service { get; }

    /// <summary>Its name within the service.</summary>
    public string Name { get; }

    /// <summary>Whether a call may be made again that may have begun.</summary>
    public bool Idempotent { get; }

    /// <summary>With the service's name, as it travels.</summary>
    internal string FullName { get; }

    internal IMessageSerializer<TRequest> Request { get; }

    internal IMessageSerializer<TReply> Reply { get; }
}

/// <summary>A method with a stream of values each way. Made by <see cref="RpcService.Stream"/>.</summary>
public sealed class RpcStreamMethod<TUp, TDown>
{
    internal RpcStreamMethod(RpcService service, string name, IMessageSerializer<TUp> up, IMessageSerializer<TDown> down)
    {
        Service = service;
        Name = name;
        FullName = $"{service.Name}.{name}";
        Up = up;
        Down = down;
    }

    /// <summary>The contract that it belongs to.</summary>
    public RpcService Service { get; }

    /// <summary>Its name within the service.</summary>
    public string Name { get; }

    /// <summary>With the service's name, as it travels.</summary>
    internal string FullName { get; }

    internal IMessageSerializer<TUp> Up { get; }

    internal IMessageSerializer<TDown> Down { get; }
}

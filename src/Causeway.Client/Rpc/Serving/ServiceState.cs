namespace Causeway.Client.Rpc.Serving;

/// <summary>What a server has of one service. Guarded by the <see cref="Dispatcher"/>'s lock.</summary>
internal sealed class ServiceState(string name, Dictionary<string, MethodQueue> methods, RpcAffinity? affinity, KeyTable keys, Membership members)
{
    public string Name => name;

    public Dictionary<string, MethodQueue> Methods => methods;

    /// <summary>How a server is chosen; null where the bus's choice is good enough, and then nothing is announced.</summary>
    public RpcAffinity? Affinity => affinity;

    public KeyTable Keys => keys;

    public Membership Members => members;

    public string Labels { get; set; } = string.Empty;

    /// <summary>When to announce next; <see cref="long.MaxValue"/> for never.</summary>
    public long AnnounceAt { get; set; } = affinity is null ? long.MaxValue : 0;

    /// <summary>Told a key that another server took over, and that server's address, outside the lock.</summary>
    public Action<string, string>? OnTaken { get; set; }

    public int Busy => methods.Values.Sum(method => method.Running + method.Waiting);

    public int Capacity => Math.Max(1, methods.Values.Sum(method => method.ConcurrencyMax));
}

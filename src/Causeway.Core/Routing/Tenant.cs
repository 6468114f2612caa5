using System.Text;
using Causeway.Core.Access;
using Causeway.Core.Leafs;
using Causeway.Core.Regions;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Routing;

/// <summary>An isolated subject space (NATS: account): what is published in one tenant is heard in it alone.</summary>
public sealed class Tenant
{
    /// <summary>The tenant of clients that name none, called as in nats-server.</summary>
    public const string DefaultName = "$G";

    /// <summary>The tenant of the deployment's own messages where clients have to prove who they are, called as in nats-server.</summary>
    public const string SystemName = "$SYS";

    private Limits? _clientLimits;
    private TenantLimits _limits = TenantLimits.None;
    private int _connections;
    private long _refusedConnections;
    private bool _isOverShare;
    private LeafIndex? _leafs;
    private long _leafBytes;

    /// <summary>Creates a tenant.</summary>
    public Tenant(string name, ByteHash hash)
    {
        Name = name;
        NameBytes = Encoding.UTF8.GetBytes(name);
        Subscriptions = new SubscriptionIndex(hash);
        RemoteSubscriptions = new SubscriptionIndex(hash);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The name in UTF-8.</summary>
    public ReadOnlyMemory<byte> NameBytes { get; }

    /// <summary>The name as it goes over links: empty for the default tenant.</summary>
    public ReadOnlySpan<byte> LinkName => Name == DefaultName ? default : NameBytes.Span;

    /// <summary>Its subscriptions.</summary>
    public SubscriptionIndex Subscriptions { get; }

    /// <summary>The patterns and queue groups that other nodes and regions want; literals are in their tables.</summary>
    public SubscriptionIndex RemoteSubscriptions { get; }

    /// <summary>What other nodes and regions want; null on a node that has no links.</summary>
    public RemoteInterest? Remote { get; set; }

    /// <summary>How other nodes and regions are reached; null on a node that has no links.</summary>
    public RegionDirectory? Directory { get; set; }

    /// <summary>What leafs and hubs want of it; null where there has been none.</summary>
    public LeafIndex? Leafs
    {
        get => Volatile.Read(ref _leafs);
        set => Volatile.Write(ref _leafs, value);
    }

    /// <summary>Bytes that its leafs and hubs hold of this node's memory, but for what waits for them; for its share.</summary>
    public long LeafBytes
    {
        get => Volatile.Read(ref _leafBytes);
        set => Volatile.Write(ref _leafBytes, value);
    }

    /// <summary>What other nodes say of the leafs that they have or could have.</summary>
    public LeafMarks LeafMarks { get; } = new();

    /// <summary>What its clients may take.</summary>
    public TenantLimits TenantLimits => Volatile.Read(ref _limits);

    /// <summary>The limits of its clients where they differ from the node's; null where they don't.</summary>
    public Limits? ClientLimits => Volatile.Read(ref _clientLimits);

    /// <summary>Its clients on this node.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Clients refused because it has as many as it may have.</summary>
    public long RefusedConnections => Volatile.Read(ref _refusedConnections);

    /// <summary>True while its clients hold more memory than their share: it takes no new clients and subscriptions.</summary>
    public bool IsOverShare
    {
        get => Volatile.Read(ref _isOverShare);
        set => Volatile.Write(ref _isOverShare, value);
    }

    /// <summary>Sets what its clients may take, within what <paramref name="node"/> allows. It holds for clients there are when they are told.</summary>
    public void SetLimits(TenantLimits limits, Limits node)
    {
        Volatile.Write(ref _limits, limits);
        Volatile.Write(ref _clientLimits, limits.MaxSubscriptions == 0 && limits.MaxPayloadBytes == 0 ? null : node with
        {
            MaxPayloadBytes = Least(limits.MaxPayloadBytes, node.MaxPayloadBytes),
            MaxSubscriptions = Least(limits.MaxSubscriptions, node.MaxSubscriptions),
        });
    }

    /// <summary>One more client; false, and counted, if it has as many as it may have or holds more memory than its share.</summary>
    internal bool TryEnter()
    {
        int now = Interlocked.Increment(ref _connections);
        if (IsOverShare || (TenantLimits.MaxConnections is > 0 and int most && now > most))
        {
            Interlocked.Decrement(ref _connections);
            Interlocked.Increment(ref _refusedConnections);
            return false;
        }

        return true;
    }

    /// <summary>A client is gone.</summary>
    internal void Leave() => Interlocked.Decrement(ref _connections);

    /// <summary>The smaller of two limits of which 0 is none.</summary>
    private static int Least(int one, int other) => one == 0 ? other : other == 0 ? one : Math.Min(one, other);
}

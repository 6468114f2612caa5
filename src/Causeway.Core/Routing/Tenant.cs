using System.Text;
using Causeway.Core.Regions;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Routing;

/// <summary>An isolated subject space (NATS: account): what is published in one tenant is heard in it alone.</summary>
public sealed class Tenant
{
    /// <summary>The tenant of clients that name none, called as in nats-server.</summary>
    public const string DefaultName = "$G";

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
}

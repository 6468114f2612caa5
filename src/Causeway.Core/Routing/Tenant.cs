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
        Subscriptions = new SubscriptionIndex(hash);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Its subscriptions.</summary>
    public SubscriptionIndex Subscriptions { get; }
}

using Causeway.Core.Control;
using Causeway.Core.Memory;

namespace Causeway.Core.Alarms.Nodes;

/// <summary>Who holds a node's memory, as far as it was looked at. Two of them tell who makes it grow. Immutable.</summary>
public sealed record MemorySample
{
    /// <summary>Most clients in a sample, those that hold most.</summary>
    public const int MaxClients = 1000;

    /// <summary>What is held for each use.</summary>
    public required IReadOnlyList<UseReading> Uses { get; init; }

    /// <summary>The clients that hold most.</summary>
    public IReadOnlyList<ClientHolding> Clients { get; init; } = [];

    /// <summary>Subscriptions by subject prefix.</summary>
    public PrefixTally Subscriptions { get; init; } = new();

    /// <summary>Bytes that wait to be sent, by subject prefix.</summary>
    public PrefixTally Pending { get; init; } = new();

    /// <summary>The links.</summary>
    public IReadOnlyList<LinkReport> Links { get; init; } = [];

    /// <summary>Who asks for messages.</summary>
    public IReadOnlyList<SourceReading> Sources { get; init; } = [];
}

/// <summary>What one client holds, in bytes.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">The name that it gave itself; may be empty.</param>
/// <param name="Address">Where it comes from.</param>
/// <param name="SubscriptionBytes">Of its subscriptions.</param>
/// <param name="PendingBytes">That wait to be sent to it.</param>
/// <param name="Bytes">In all.</param>
public sealed record ClientHolding(ulong Id, string Name, string Address, long SubscriptionBytes, long PendingBytes, long Bytes)
{
    /// <summary>What it holds for one use, as far as that is known of clients.</summary>
    public long Of(MemoryUse use) => use switch
    {
        MemoryUse.Subscriptions => SubscriptionBytes,
        MemoryUse.Pending => PendingBytes,
        _ => Bytes - SubscriptionBytes - PendingBytes,
    };

    /// <summary>How people find it again.</summary>
    public override string ToString() => Name.Length > 0 ? $"client {Id} '{Name}' from {Address}" : $"client {Id} from {Address}";
}

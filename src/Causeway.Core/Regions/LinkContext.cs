using Causeway.Core.Interest;
using Causeway.Core.Links;
using Causeway.Core.Memory;
using Causeway.Core.Routing;

namespace Causeway.Core.Regions;

/// <summary>What a node's links share.</summary>
public sealed record LinkContext
{
    /// <summary>What this node and its region want.</summary>
    public required NodeInterest Own { get; init; }

    /// <summary>What other nodes and regions want, for routing.</summary>
    public required RemoteInterest Remote { get; init; }

    /// <summary>How they are reached.</summary>
    public required RegionDirectory Directory { get; init; }

    /// <summary>Takes the messages that come over links.</summary>
    public required Forwarder Forwarder { get; init; }

    /// <summary>Who takes the messages that come over links in place of <see cref="Forwarder"/>, which it passes them to; null for nobody.</summary>
    public ILinkReceiver? Receiver { get; init; }

    /// <summary>The memory governor.</summary>
    public required Governor Governor { get; init; }

    /// <summary>Finds tenants by their names on links, or makes them.</summary>
    public required Forwarder.TenantLookup FindTenant { get; init; }

    /// <summary>What interest tables and what tells of them are booked on.</summary>
    public required MemoryAccount Account { get; init; }

    /// <summary>Makes an empty interest table on the node's account.</summary>
    public required Func<IInterestListener?, InterestTable> CreateTable { get; init; }

    /// <summary>Compresses the text of patterns and queue groups; null to leave it as it is.</summary>
    public IBlockCompressor? Compressor { get; init; }

    /// <summary>The largest message in bytes.</summary>
    public required int MaxPayloadBytes { get; init; }
}

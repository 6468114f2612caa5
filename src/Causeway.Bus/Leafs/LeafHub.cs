using Causeway.Core.Leafs;

namespace Causeway.Bus.Leafs;

/// <summary>A hub that this node may hold, and what it has said of that to other nodes. Belongs to the loop of the leafs.</summary>
internal sealed class LeafHub(LeafRemoteOptions options, LeafHold hold)
{
    public LeafRemoteOptions Options { get; } = options;

    public LeafHold Hold { get; } = hold;

    public bool Could { get; set; }

    public bool Held { get; set; }
}

using Causeway.Core.Leafs;
using Causeway.Core.Memory;

namespace Causeway.Bus.Leafs;

/// <summary>A leaf-node connection that is up, as monitoring sees it from any thread.</summary>
/// <param name="Session">The connection.</param>
/// <param name="Buffers">What its buffers are booked on.</param>
internal sealed record LeafUp(LeafSession Session, MemoryAccount Buffers);

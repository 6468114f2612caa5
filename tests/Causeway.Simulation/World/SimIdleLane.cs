using Causeway.Core.Links;
using Causeway.Core.Routing;

namespace Causeway.Simulation.World;

/// <summary>A connection that has not become a data lane yet.</summary>
internal sealed class SimIdleLane : ILane
{
    public int NeededBytes => 0;

    public int Receive(ReadOnlySpan<byte> data, DeliveryBatch batch) => 0;

    public int Fill(Span<byte> room, long now) => 0;

    public void Check(long now)
    {
    }

    public void OnClosed(string reason, ReadOnlySpan<byte> rest)
    {
    }
}

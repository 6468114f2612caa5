using Causeway.Core.Links;
using Causeway.Core.Routing;

namespace Causeway.Bus.Links;

/// <summary>A connection that is open and has not become a data lane yet.</summary>
internal sealed class IdleLane : ILane
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

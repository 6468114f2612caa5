using Causeway.Core.Routing;

namespace Causeway.Core.Links;

/// <summary>What a connection has that is open and has not become a data lane yet.</summary>
public sealed class IdleLane : ILane
{
    /// <inheritdoc/>
    public int NeededBytes => 0;

    /// <inheritdoc/>
    public int Receive(ReadOnlySpan<byte> data, DeliveryBatch batch) => 0;

    /// <inheritdoc/>
    public int Fill(Span<byte> room, long now) => 0;

    /// <inheritdoc/>
    public void Check(long now)
    {
    }

    /// <inheritdoc/>
    public void OnClosed(string reason, ReadOnlySpan<byte> rest)
    {
    }
}

using Causeway.Core.Routing;

namespace Causeway.Core.Links;

/// <summary>What happens on one connection of a link, without its socket. All members belong to the loop that serves it.</summary>
public interface ILane
{
    /// <summary>The whole size of the frame of which a part came last, where that is known and large, else 0.</summary>
    int NeededBytes { get; }

    /// <summary>Works through what was received and returns how much of it is done with; the rest comes again with more.</summary>
    int Receive(ReadOnlySpan<byte> data, DeliveryBatch batch);

    /// <summary>Writes what is due into <paramref name="room"/>, whole frames only, and returns the bytes written.</summary>
    int Fill(Span<byte> room, long now);

    /// <summary>The regular look after the lane.</summary>
    void Check(long now);

    /// <summary>
    /// It was asked for by <see cref="ILaneTransport.Wake"/>, or the connection can take more: for lanes that send what waits in their
    /// queue. True if what it had been given and not taken is to be given to it again.
    /// </summary>
    bool OnWoken(long now) => false;

    /// <summary>The connection is gone; <paramref name="rest"/> is what had come of a frame that was not whole.</summary>
    void OnClosed(string reason, ReadOnlySpan<byte> rest);
}

using Causeway.Core.Links;
using Causeway.Core.Routing;

namespace Causeway.Core.Tracing;

/// <summary>Has another receiver take the messages that come over links, and traces those that are sampled.</summary>
public sealed class TracedReceiver(TracedRouting tracing, ILinkReceiver receiver) : ILinkReceiver
{
    /// <inheritdoc/>
    public void OnMessage(Link link, in DataFrameView frame, DeliveryBatch batch) => tracing.Receive(receiver, link, frame, batch);
}

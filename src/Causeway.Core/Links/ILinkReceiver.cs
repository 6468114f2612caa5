using Causeway.Core.Routing;

namespace Causeway.Core.Links;

/// <summary>Who takes the messages that come over links.</summary>
public interface ILinkReceiver
{
    /// <summary>Takes a message that came over <paramref name="link"/>.</summary>
    void OnMessage(Link link, in DataFrameView frame, DeliveryBatch batch);
}

using Causeway.Core.Delivery;
using Causeway.Core.Leafs;
using Causeway.Core.Links;
using Causeway.Core.Memory;
using Causeway.Core.Subscriptions;
using Causeway.Core.Transcripts;

namespace Causeway.Core.Routing;

/// <summary>
/// What one event loop needs while it works through what it has read: its routes, its dice, and those that got something, each
/// of which is flushed once when the loop is through. Belongs to one thread.
/// </summary>
public sealed class DeliveryBatch
{
    private readonly List<ITransport> _touched = [];

    /// <summary>Creates the batch of one event loop.</summary>
    public DeliveryBatch(MemoryAccount account, Limits limits, Random random)
    {
        Routes = new RouteCache(account, limits.MaxRouteCacheBytes);
        Rewriter = new MessageRewriter(account);
        Random = random;
    }

    /// <summary>The routes used last.</summary>
    public RouteCache Routes { get; }

    /// <summary>Chooses among the members of queue groups.</summary>
    public Random Random { get; }

    /// <summary>For questions that are not worth a place in the cache.</summary>
    public Route ScratchRoute { get; } = new();

    /// <summary>The links that the message at hand goes out on.</summary>
    public SendList Sends { get; } = new();

    /// <summary>The leafs that the message at hand goes to.</summary>
    public LeafSends LeafSends { get; } = new();

    /// <summary>For messages that have to be written anew before they go out; grows to the largest of them.</summary>
    public MessageRewriter Rewriter { get; }

    /// <summary>The present time in milliseconds on the loop's clock, set by the loop before each batch.</summary>
    public long NowMilliseconds { get; set; }

    /// <summary>Writes down what is received and delivered; null for nobody. Set by the loop before each batch.</summary>
    public Transcript? Transcript { get; set; }

    /// <summary>Deliveries to clients so far.</summary>
    public long Delivered { get; set; }

    /// <summary>Takes down the links that take the message at hand; null unless it is traced.</summary>
    public List<Link>? TakenBy { get; set; }

    /// <summary>The queue of a receiver that has more waiting than a publisher should add to, if one was met; the loop pauses the publisher.</summary>
    public OutboundQueue? Lagging { get; set; }

    /// <summary>Receivers to flush.</summary>
    public IReadOnlyList<ITransport> Touched => _touched;

    /// <summary>Notes that <paramref name="receiver"/> has to be flushed.</summary>
    public void Touch(ITransport receiver) => _touched.Add(receiver);

    /// <summary>Flushes those that got something.</summary>
    public void Flush()
    {
        for (int i = 0; i < _touched.Count; i++)
        {
            _touched[i].Flush();
        }

        _touched.Clear();
    }

    /// <summary>Gives all memory back, as when nobody is connected.</summary>
    public void Clear()
    {
        Routes.Clear();
        Rewriter.Clear();
        ScratchRoute.Clear();
    }
}

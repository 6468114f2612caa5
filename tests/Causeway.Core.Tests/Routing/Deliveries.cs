using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Routing;

/// <summary>The frames that one message may cause: each plain one must come once, of each queue group's just one.</summary>
internal sealed class Deliveries
{
    private readonly List<Delivery> _plain = [];
    private readonly Dictionary<string, List<Delivery>> _groups = [];

    public bool IsEmpty => _plain.Count == 0 && _groups.Count == 0;

    public void Expect(int place, ModelClient client, ModelSubscription subscription, string frame)
    {
        Delivery delivery = new(place, client, subscription, frame);
        if (subscription.Queue.Length == 0)
        {
            _plain.Add(delivery);
            return;
        }

        if (!_groups.TryGetValue(subscription.Queue, out List<Delivery>? group))
        {
            _groups[subscription.Queue] = group = [];
        }

        group.Add(delivery);
    }

    /// <summary>Client <paramref name="place"/> received <paramref name="frame"/>; fails if it should not have.</summary>
    public void Take(int place, string frame)
    {
        bool Same(Delivery delivery) => delivery.Place == place && delivery.Frame == frame;
        if (_plain.Find(Same) is { } plain)
        {
            _plain.Remove(plain);
            plain.Client.OnDelivered(plain.Subscription);
            return;
        }

        foreach ((string queue, List<Delivery> group) in _groups)
        {
            if (group.Find(Same) is { } member)
            {
                _groups.Remove(queue);
                member.Client.OnDelivered(member.Subscription);
                return;
            }
        }

        Assert.Fail($"client {place} should not have received {Wire.Literal(Wire.Bytes(frame))}");
    }

    public void AssertAllTaken() => Assert.True(IsEmpty, $"missing: {string.Join(", ", _plain)}; one of each of: {string.Join(", ", _groups.Keys)}");

    private sealed record Delivery(int Place, ModelClient Client, ModelSubscription Subscription, string Frame)
    {
        public override string ToString() => $"{Wire.Literal(Wire.Bytes(Frame))} to client {Place}";
    }
}

using System.Text;
using Causeway.Client.Rpc.Wire;
using Causeway.Client.Tests.Rpc.Wire;

namespace Causeway.Client.Tests.Rpc.Simulation;

/// <summary>
/// A bus in one thread and with a clock of its own: keeps the order of one publisher's messages to one subscriber, delays, loses and
/// doubles them by chance, knows queue groups, and says where nobody responds.
/// </summary>
internal sealed class SimulatedBus(Random random, double lossChance, double doubleChance, int delayMax)
{
    private readonly PriorityQueue<Action, (long Time, long Order)> _events = new();
    private readonly Dictionary<string, List<Subscriber>> _subscribers = [];
    private readonly Dictionary<(object From, object To), long> _ways = [];
    private long _order;

    public long Now { get; private set; }

    /// <summary>Messages published.</summary>
    public long Published { get; private set; }

    public void Subscribe(object node, string subject, bool queue, RpcReceiver receive)
    {
        if (!_subscribers.TryGetValue(subject, out List<Subscriber>? there))
        {
            _subscribers[subject] = there = [];
        }

        there.Add(new Subscriber(node, queue, receive));
    }

    /// <summary>A node is gone: what is on its way to it is lost.</summary>
    public void Remove(object node)
    {
        foreach (List<Subscriber> there in _subscribers.Values)
        {
            there.RemoveAll(subscriber => subscriber.Node == node);
        }
    }

    public IRpcWire WireOf(object node) => new Wire(this, node);

    public void After(long milliseconds, Action action) => _events.Enqueue(action, (Now + milliseconds, ++_order));

    /// <summary>Lets time go on to the end.</summary>
    public void Run(long until)
    {
        while (_events.TryPeek(out Action? action, out (long Time, long Order) at) && at.Time <= until)
        {
            _events.Dequeue();
            Now = at.Time;
            action();
        }

        Now = until;
    }

    private void Publish(object from, string subject, string? replyTo, RpcHeader header, byte[] payload)
    {
        Published++;
        List<Subscriber> there = Find(subject);
        if (there.Count == 0)
        {
            if (replyTo is not null)
            {
                Find(replyTo).ForEach(asker => Deliver(from, asker, replyTo, replyTo, (s, _) => new RpcMessage { Subject = s, IsNobody = true }));
            }

            return;
        }

        Subscriber[] queue = [.. there.Where(subscriber => subscriber.Queue)];
        foreach (Subscriber to in there.Where(subscriber => !subscriber.Queue).Concat(queue.Length == 0 ? [] : [queue[random.Next(queue.Length)]]))
        {
            for (int copies = random.NextDouble() < doubleChance ? 2 : 1; copies > 0; copies--)
            {
                if (random.NextDouble() >= lossChance)
                {
                    Deliver(from, to, subject, replyTo ?? string.Empty, (s, r) => new RpcMessage { Subject = s, ReplyTo = r, Header = header, Payload = payload });
                }
            }
        }
    }

    private List<Subscriber> Find(string subject) =>
        _subscribers.GetValueOrDefault(subject) ?? _subscribers.GetValueOrDefault(subject[..subject.LastIndexOf('.')] + ".*") ?? [];

    private void Deliver(object from, Subscriber to, string subject, string replyTo, Make make)
    {
        long time = Math.Max(Now + random.Next(1, delayMax), _ways.GetValueOrDefault((from, to.Node)));
        _ways[(from, to.Node)] = time;
        _events.Enqueue(
            () =>
            {
                if (_subscribers.Values.Any(there => there.Contains(to)))
                {
                    to.Receive(make(Encoding.UTF8.GetBytes(subject), Encoding.UTF8.GetBytes(replyTo)));
                }
            },
            (time, ++_order));
    }

    private delegate RpcMessage Make(byte[] subject, byte[] replyTo);

    private sealed record Subscriber(object Node, bool Queue, RpcReceiver Receive);

    private sealed class Wire(SimulatedBus bus, object node) : IRpcWire
    {
        public bool TrySend(string subject, string? replyTo, in RpcHeader header, ReadOnlySpan<byte> payload)
        {
            bus.Publish(node, subject, replyTo, RecordedWire.Carried(header), payload.ToArray());
            return true;
        }
    }
}

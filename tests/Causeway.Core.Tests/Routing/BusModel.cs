using System.Text;
using Xunit;

namespace Causeway.Core.Tests.Routing;

/// <summary>
/// What each client of a bus may receive, worked out on lists: subscriptions are asked one by one. Where the bus may choose (the
/// member of a queue group, the order over subscriptions), any choice is right and the model takes it over.
/// </summary>
internal sealed class BusModel
{
    private const string NoRespondersTail = " 16 16\r\nNATS/1.0 503\r\n\r\n\r\n";

    private readonly ModelClient[] _clients;

    public BusModel(int clients) => _clients = [.. Enumerable.Range(0, clients).Select(_ => new ModelClient())];

    public ModelClient this[int client] => _clients[client];

    /// <summary>Does <paramref name="step"/> and fails unless <paramref name="received"/>, by client, is what may come of it.</summary>
    public void Apply(BusStep step, string[] received)
    {
        ModelClient client = _clients[step.Client];
        string answer = "";
        switch (step.Kind)
        {
            case BusStepKind.Subscribe:
                answer = client.Subscribe(step);
                break;
            case BusStepKind.Unsubscribe:
                client.Unsubscribe(step.Sid, step.Number);
                answer = client.Acknowledgement;
                break;
            case BusStepKind.Publish:
                Publish(step, received);
                return;
            case BusStepKind.Options:
                client.SetOptions(step.Number);
                answer = client.Acknowledgement;
                break;
            case BusStepKind.Ping:
                answer = "PONG\r\n";
                break;
            case BusStepKind.Disconnect:
                _clients[step.Client] = new ModelClient();
                break;
            default:
                throw new InvalidOperationException($"{step.Kind}?");
        }

        for (int i = 0; i < _clients.Length; i++)
        {
            Assert.Equal(i == step.Client ? answer : "", received[i]);
        }
    }

    private void Publish(BusStep step, string[] received)
    {
        ModelClient publisher = _clients[step.Client];
        Deliveries deliveries = Work(step, publisher);
        int delivered = 0;
        string[] rest = [.. received];
        if (publisher.Acknowledgement.Length > 0)
        {
            Assert.StartsWith(publisher.Acknowledgement, rest[step.Client], StringComparison.Ordinal);
            rest[step.Client] = rest[step.Client][publisher.Acknowledgement.Length..];
        }

        string answer = "";
        if (step.Reply.Length > 0 && publisher.NoResponders && deliveries.IsEmpty
            && publisher.PlainMatching(step.Reply).Select(sub => $"HMSG {step.Reply} {sub.Sid}{NoRespondersTail}").ToList() is { Count: > 0 } possible)
        {
            answer = possible.Single(line => rest[step.Client] == line);
            rest[step.Client] = "";
        }

        for (int i = 0; i < _clients.Length; i++)
        {
            foreach (string frame in Frames(rest[i]))
            {
                deliveries.Take(i, frame);
                delivered++;
            }
        }

        deliveries.AssertAllTaken();
        Assert.True(delivered == 0 || answer.Length == 0);
    }

    private Deliveries Work(BusStep step, ModelClient publisher)
    {
        Deliveries deliveries = new();
        for (int i = 0; i < _clients.Length; i++)
        {
            if (_clients[i] == publisher && !publisher.Echo)
            {
                continue;
            }

            foreach (ModelSubscription subscription in _clients[i].Matching(step.Subject))
            {
                deliveries.Expect(i, _clients[i], subscription, step.FrameFor(subscription, _clients[i].Headers, publisher.Headers));
            }
        }

        return deliveries;
    }

    /// <summary>Splits what a client received into its MSG and HMSG frames.</summary>
    private static List<string> Frames(string text)
    {
        List<string> frames = [];
        for (int at = 0; at < text.Length;)
        {
            int lineEnd = text.IndexOf("\r\n", at, StringComparison.Ordinal);
            string line = text[at..lineEnd];
            Assert.True(line.StartsWith("MSG ", StringComparison.Ordinal) || line.StartsWith("HMSG ", StringComparison.Ordinal), $"'{line}' was not expected");
            int size = int.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            int end = lineEnd + 2 + size + 2;
            frames.Add(text[at..end]);
            at = end;
        }

        return frames;
    }

    public override string ToString() => new StringBuilder().AppendJoin("; ", _clients.Select(client => client.ToString())).ToString();
}

using Causeway.Core.Tests.Subjects;

namespace Causeway.Core.Tests.Routing;

/// <summary>A subscription as the model sees it.</summary>
internal sealed class ModelSubscription(string subject, string queue, string sid)
{
    public string Subject { get; } = subject;

    public string Queue { get; } = queue;

    public string Sid { get; } = sid;

    public int Max { get; set; }

    public int Delivered { get; set; }
}

/// <summary>A client as the model sees it.</summary>
internal sealed class ModelClient
{
    private readonly List<ModelSubscription> _subscriptions = [];

    public bool Verbose { get; private set; }

    public bool Echo { get; private set; } = true;

    public bool Headers { get; private set; } = true;

    public bool NoResponders { get; private set; } = true;

    public string Acknowledgement => Verbose ? "+OK\r\n" : "";

    public string Subscribe(BusStep step)
    {
        if (!NaiveSubject.IsValid(step.Subject))
        {
            return "-ERR 'Invalid Subject'\r\n";
        }

        if (!_subscriptions.Exists(subscription => subscription.Sid == step.Sid))
        {
            _subscriptions.Add(new ModelSubscription(step.Subject, step.Queue, step.Sid));
        }

        return Acknowledgement;
    }

    public void Unsubscribe(string sid, int max)
    {
        if (_subscriptions.Find(known => known.Sid == sid) is { } subscription)
        {
            subscription.Max = max;
            if (max <= subscription.Delivered)
            {
                _subscriptions.Remove(subscription);
            }
        }
    }

    public void SetOptions(int bits)
    {
        (Verbose, Echo, Headers) = ((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
        NoResponders = Headers && (bits & 8) != 0;
    }

    public IEnumerable<ModelSubscription> Matching(string subject) =>
        _subscriptions.Where(subscription => NaiveSubject.Matches(subscription.Subject, subject)
            && (NaiveSubject.IsPattern(subscription.Subject) || subscription.Subject == subject));

    public IEnumerable<ModelSubscription> PlainMatching(string subject) => Matching(subject).Where(subscription => subscription.Queue.Length == 0);

    /// <summary>Takes note of a message, the last one of which ends the subscription.</summary>
    public void OnDelivered(ModelSubscription subscription)
    {
        subscription.Delivered++;
        if (subscription.Delivered == subscription.Max)
        {
            _subscriptions.Remove(subscription);
        }
    }

    public override string ToString() => string.Join(", ", _subscriptions.Select(s => $"{s.Subject} {s.Queue} #{s.Sid}"));
}

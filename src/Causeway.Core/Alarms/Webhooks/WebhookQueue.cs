namespace Causeway.Core.Alarms.Webhooks;

/// <summary>
/// What one receiver has yet to be told, and when to try. Holds at most one entry for each alarm, the latest, so that a receiver that
/// was away learns what is and not all that was. One delivery is on its way at a time. Thread-safe.
/// </summary>
/// <param name="limits">The bounds.</param>
/// <param name="random">For jitter.</param>
public sealed class WebhookQueue(WebhookLimits limits, Random random)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiting> _order = new();
    private readonly Dictionary<string, LinkedListNode<Waiting>> _byKey = new(StringComparer.Ordinal);
    private List<Waiting> _onTheWay = [];
    private TimeSpan _notBefore;
    private TimeSpan _pause;
    private WebhookCounters _counters;

    /// <summary>What became of everything so far.</summary>
    public WebhookCounters Counters
    {
        get
        {
            lock (_lock)
            {
                return _counters with { Waiting = _order.Count + _onTheWay.Count };
            }
        }
    }

    /// <summary>Adds news of an alarm at <paramref name="elapsed"/> on any clock that goes forward.</summary>
    public void Add(AlarmChange change, TimeSpan elapsed)
    {
        lock (_lock)
        {
            if (_byKey.TryGetValue(change.Alarm.Key, out LinkedListNode<Waiting>? known))
            {
                _counters = _counters with { Coalesced = _counters.Coalesced + 1 };
                known.Value = known.Value with { Change = change };
                return;
            }

            Put(new Waiting(change, elapsed), _order.Last);
            Trim();
        }
    }

    /// <summary>
    /// Takes what is to be delivered now; false if nothing is, or the last failure is not long enough ago. Then
    /// <see cref="Wait"/> says how long to wait. Ends with <see cref="OnDelivered"/>, <see cref="OnRefused"/> or <see cref="OnFailed"/>.
    /// </summary>
    public bool TryTake(TimeSpan elapsed, out IReadOnlyList<AlarmChange> alarms)
    {
        lock (_lock)
        {
            while (_order.First is { } oldest && elapsed - oldest.Value.Since >= limits.GiveUpAfter)
            {
                Drop(oldest);
            }

            alarms = [];
            if (_onTheWay.Count > 0 || _order.Count == 0 || elapsed < _notBefore)
            {
                return false;
            }

            _onTheWay = [.. _order.Take(limits.MaxAlertsPerDelivery)];
            foreach (Waiting waiting in _onTheWay)
            {
                _byKey.Remove(waiting.Change.Alarm.Key);
                _order.RemoveFirst();
            }

            alarms = [.. _onTheWay.Select(waiting => waiting.Change)];
            return true;
        }
    }

    /// <summary>How long to wait until something may be taken: null if until something is added.</summary>
    public TimeSpan? Wait(TimeSpan elapsed)
    {
        lock (_lock)
        {
            return _order.Count == 0 || _onTheWay.Count > 0 ? null : _notBefore > elapsed ? _notBefore - elapsed : TimeSpan.Zero;
        }
    }

    /// <summary>The receiver took what was on its way.</summary>
    public void OnDelivered()
    {
        lock (_lock)
        {
            _counters = _counters with { Delivered = _counters.Delivered + 1 };
            (_onTheWay, _pause, _notBefore) = ([], TimeSpan.Zero, TimeSpan.Zero);
        }
    }

    /// <summary>The receiver will not have what was on its way, now or later.</summary>
    public void OnRefused()
    {
        lock (_lock)
        {
            _counters = _counters with { Refused = _counters.Refused + 1, Dropped = _counters.Dropped + _onTheWay.Count };
            (_onTheWay, _pause, _notBefore) = ([], TimeSpan.Zero, TimeSpan.Zero);
        }
    }

    /// <summary>
    /// The delivery failed at <paramref name="elapsed"/>: what was on its way goes back to the front, but for alarms of which there is
    /// news meanwhile, and is tried again after a pause of half to one and a half times the due one.
    /// </summary>
    public void OnFailed(TimeSpan elapsed)
    {
        lock (_lock)
        {
            _counters = _counters with { Failed = _counters.Failed + 1 };
            _pause = _pause == TimeSpan.Zero ? limits.FirstPause : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, limits.MaxPause.Ticks));
            _notBefore = elapsed + (_pause * (0.5 + random.NextDouble()));
            LinkedListNode<Waiting>? after = null;
            foreach (Waiting waiting in _onTheWay)
            {
                if (_byKey.TryGetValue(waiting.Change.Alarm.Key, out LinkedListNode<Waiting>? news))
                {
                    _counters = _counters with { Coalesced = _counters.Coalesced + 1 };
                    _order.Remove(news);
                    _byKey.Remove(waiting.Change.Alarm.Key);
                    after = Put(waiting with { Change = news.Value.Change }, after);
                }
                else
                {
                    after = Put(waiting, after);
                }
            }

            _onTheWay = [];
            Trim();
        }
    }

    private LinkedListNode<Waiting> Put(Waiting waiting, LinkedListNode<Waiting>? after)
    {
        LinkedListNode<Waiting> node = after is null ? _order.AddFirst(waiting) : _order.AddAfter(after, waiting);
        _byKey[waiting.Change.Alarm.Key] = node;
        return node;
    }

    private void Trim()
    {
        while (_order.Count + _onTheWay.Count > limits.MaxWaiting && _order.First is { } oldest)
        {
            Drop(oldest);
        }
    }

    private void Drop(LinkedListNode<Waiting> node)
    {
        _counters = _counters with { Dropped = _counters.Dropped + 1 };
        _byKey.Remove(node.Value.Change.Alarm.Key);
        _order.Remove(node);
    }

    private readonly record struct Waiting(AlarmChange Change, TimeSpan Since);
}

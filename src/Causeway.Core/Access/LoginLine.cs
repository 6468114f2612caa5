namespace Causeway.Core.Access;

/// <summary>
/// The order in which waiting logins are proved. Each address in turn, so that one who tries thousands delays nobody but himself; and
/// addresses from which a login failed lately only when no other waits. When all places are taken, whoever has most of them gives one
/// up. Not thread-safe; times are milliseconds.
/// </summary>
public sealed class LoginLine
{
    /// <summary>Most attempts that wait, of all addresses together.</summary>
    public const int MaxWaiting = 1024;

    /// <summary>Most addresses remembered for failed logins; beyond that the oldest is forgotten.</summary>
    public const int MaxSuspects = 4096;

    /// <summary>How long an address is remembered after a failed login.</summary>
    public const long SuspectMilliseconds = 60_000;

    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly LinkedList<Place> _trusted = new();
    private readonly LinkedList<Place> _suspected = new();
    private readonly Dictionary<string, long> _suspects = new(StringComparer.Ordinal);
    private readonly Queue<(string Address, long At)> _suspectOrder = new();

    /// <summary>Attempts that wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>Attempts turned away or displaced, too many being there.</summary>
    public long Refused { get; private set; }

    /// <summary>True if one waits from an address that is not suspected.</summary>
    public bool HasTrusted => _trusted.Count > 0;

    /// <summary>
    /// Takes an attempt in at <paramref name="now"/>; false if too many wait and it is not the one to go before others. Who had to make
    /// room for it is in <paramref name="displaced"/>.
    /// </summary>
    public bool TryAdd(LoginAttempt attempt, long now, out LoginAttempt? displaced)
    {
        displaced = null;
        if (Waiting >= MaxWaiting)
        {
            DropCancelled();
        }

        if (Waiting >= MaxWaiting)
        {
            Refused++;
            Place largest = _places.Values.MaxBy(place => (place.Node.List == _suspected, place.Attempts.Count))!;
            int own = _places.GetValueOrDefault(attempt.Address)?.Attempts.Count ?? 0;
            bool isTrusted = LineOf(attempt.Address, now) == _trusted;
            bool isAlike = isTrusted == (largest.Node.List == _trusted);
            if (isAlike ? own + 1 >= largest.Attempts.Count : !isTrusted)
            {
                return false;
            }

            displaced = largest.Attempts.Last!.Value;
            largest.Attempts.RemoveLast();
            Waiting--;
            ForgetIfEmpty(largest);
        }

        if (!_places.TryGetValue(attempt.Address, out Place? place))
        {
            _places[attempt.Address] = place = new Place(attempt.Address);
            LineOf(attempt.Address, now).AddLast(place.Node);
        }

        place.Attempts.AddLast(attempt);
        Waiting++;
        return true;
    }

    /// <summary>The next attempt to prove; null if none waits. Those given up are passed over.</summary>
    public LoginAttempt? Take(long now)
    {
        while ((_trusted.First ?? _suspected.First)?.Value is { } place)
        {
            LoginAttempt attempt = place.Attempts.First!.Value;
            place.Attempts.RemoveFirst();
            Waiting--;
            place.Node.List!.Remove(place.Node);
            LineOf(place.Address, now).AddLast(place.Node);
            ForgetIfEmpty(place);
            if (!attempt.IsCancelled)
            {
                return attempt;
            }
        }

        return null;
    }

    /// <summary>Notes how a login from <paramref name="address"/> ended.</summary>
    public void OnProved(string address, bool proved, long now)
    {
        if (proved)
        {
            _suspects.Remove(address);
            return;
        }

        _suspects[address] = now;
        _suspectOrder.Enqueue((address, now));
        while (_suspectOrder.Count > MaxSuspects || (_suspectOrder.TryPeek(out var oldest) && now - oldest.At >= SuspectMilliseconds))
        {
            (string forgotten, long at) = _suspectOrder.Dequeue();
            if (_suspects.GetValueOrDefault(forgotten) == at)
            {
                _suspects.Remove(forgotten);
            }
        }
    }

    /// <summary>Those who left must not take the place of others.</summary>
    private void DropCancelled()
    {
        foreach (Place place in _places.Values.ToArray())
        {
            LinkedListNode<LoginAttempt>? next;
            for (LinkedListNode<LoginAttempt>? node = place.Attempts.First; node is not null; node = next)
            {
                next = node.Next;
                if (node.Value.IsCancelled)
                {
                    place.Attempts.Remove(node);
                    Waiting--;
                }
            }

            ForgetIfEmpty(place);
        }
    }

    private void ForgetIfEmpty(Place place)
    {
        if (place.Attempts.Count == 0)
        {
            _places.Remove(place.Address);
            place.Node.List!.Remove(place.Node);
        }
    }

    private LinkedList<Place> LineOf(string address, long now) =>
        _suspects.TryGetValue(address, out long at) && now - at < SuspectMilliseconds ? _suspected : _trusted;

    /// <summary>The attempts of one address, and where it stands.</summary>
    private sealed class Place
    {
        public Place(string address)
        {
            Address = address;
            Node = new LinkedListNode<Place>(this);
        }

        public string Address { get; }

        public LinkedListNode<Place> Node { get; }

        public LinkedList<LoginAttempt> Attempts { get; } = new();
    }
}

namespace Causeway.Core.Access;

/// <summary>
/// The order in which waiting logins are proved. Each address in turn, so that one who tries thousands delays nobody but himself; and
/// addresses from which a login failed lately only when no other waits. All of it is bounded. Not thread-safe; times are milliseconds.
/// </summary>
public sealed class LoginLine
{
    /// <summary>Most attempts that wait, of all addresses together.</summary>
    public const int MaxWaiting = 1024;

    /// <summary>Most attempts that wait from one address.</summary>
    public const int MaxWaitingPerAddress = 64;

    /// <summary>Most addresses remembered for failed logins; beyond that the oldest is forgotten.</summary>
    public const int MaxSuspects = 4096;

    /// <summary>How long an address is remembered after a failed login.</summary>
    public const long SuspectMilliseconds = 60_000;

    private readonly Dictionary<string, Queue<LoginAttempt>> _byAddress = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _trusted = new();
    private readonly LinkedList<string> _suspected = new();
    private readonly Dictionary<string, long> _suspects = new(StringComparer.Ordinal);
    private readonly Queue<(string Address, long At)> _suspectOrder = new();

    /// <summary>Attempts that wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>Attempts not taken in, too many being there.</summary>
    public long Refused { get; private set; }

    /// <summary>True if one waits from an address that is not suspected.</summary>
    public bool HasTrusted => _trusted.Count > 0;

    /// <summary>Takes an attempt in at <paramref name="now"/>; false if too many wait.</summary>
    public bool TryAdd(LoginAttempt attempt, long now)
    {
        Queue<LoginAttempt>? queue = _byAddress.GetValueOrDefault(attempt.Address);
        if (IsFull(queue))
        {
            DropCancelled();
            queue = _byAddress.GetValueOrDefault(attempt.Address);
            if (IsFull(queue))
            {
                Refused++;
                return false;
            }
        }

        if (queue is null)
        {
            _byAddress[attempt.Address] = queue = new Queue<LoginAttempt>();
            LineOf(attempt.Address, now).AddLast(attempt.Address);
        }

        queue.Enqueue(attempt);
        Waiting++;
        return true;
    }

    /// <summary>The next attempt to prove; null if none waits. Those given up are passed over.</summary>
    public LoginAttempt? Take(long now)
    {
        while ((_trusted.First ?? _suspected.First) is { } first)
        {
            string address = first.Value;
            first.List!.Remove(first);
            Queue<LoginAttempt> queue = _byAddress[address];
            LoginAttempt attempt = queue.Dequeue();
            Waiting--;
            if (queue.Count == 0)
            {
                _byAddress.Remove(address);
            }
            else
            {
                LineOf(address, now).AddLast(address);
            }

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

    private bool IsFull(Queue<LoginAttempt>? queue) => Waiting >= MaxWaiting || queue?.Count >= MaxWaitingPerAddress;

    /// <summary>Those who left must not take the place of others.</summary>
    private void DropCancelled()
    {
        foreach ((string address, Queue<LoginAttempt> queue) in _byAddress.ToArray())
        {
            for (int left = queue.Count; left > 0; left--)
            {
                if (queue.Dequeue() is { IsCancelled: false } attempt)
                {
                    queue.Enqueue(attempt);
                }
                else
                {
                    Waiting--;
                }
            }

            if (queue.Count == 0)
            {
                _byAddress.Remove(address);
                _ = _trusted.Remove(address) || _suspected.Remove(address);
            }
        }
    }

    private LinkedList<string> LineOf(string address, long now) =>
        _suspects.TryGetValue(address, out long at) && now - at < SuspectMilliseconds ? _suspected : _trusted;
}

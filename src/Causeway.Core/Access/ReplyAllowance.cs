using Causeway.Core.Interest;
using Causeway.Core.Memory;

namespace Causeway.Core.Access;

/// <summary>
/// The replies that a client may publish because it got the request (<c>allow_responses</c>). Bounded: when too many requests wait
/// for a reply, the oldest is forgotten, and counted. Subjects are kept as keyed 64-bit hashes. Guarded by the lock of the client's
/// outbound queue; times are milliseconds.
/// </summary>
internal sealed class ReplyAllowance
{
    /// <summary>Most requests that may wait for a reply, as in nats-server.</summary>
    public const int MaxOpenRequests = 4096;

    private const int FirstCapacity = 64;
    private const int RequestBytes = 64;

    private readonly ResponseRule _rule;
    private readonly ulong _key0;
    private readonly ulong _key1;
    private readonly MemoryAccount _account;
    private readonly Dictionary<ulong, (long At, int Used)> _open = new(FirstCapacity);
    private readonly Queue<(ulong Subject, long At)> _order = new(FirstCapacity);
    private int _capacity = FirstCapacity;

    public ReplyAllowance(ResponseRule rule, ulong key0, ulong key1, MemoryAccount account)
    {
        _rule = rule;
        _key0 = key0;
        _key1 = key1;
        _account = account;
        account.Charge(MemoryUse.Connections, FirstCapacity * RequestBytes);
    }

    /// <summary>Requests forgotten before their time.</summary>
    public long Forgotten { get; private set; }

    private long ExpiresMilliseconds => _rule.Expires > TimeSpan.Zero ? (long)_rule.Expires.TotalMilliseconds : long.MaxValue;

    /// <summary>A message with the reply subject <paramref name="reply"/> was delivered to the client.</summary>
    public void Note(ReadOnlySpan<byte> reply, long now)
    {
        while (_order.TryPeek(out var oldest) && (_order.Count >= MaxOpenRequests || now - oldest.At >= ExpiresMilliseconds))
        {
            _order.Dequeue();
            if (_open.TryGetValue(oldest.Subject, out var entry) && entry.At == oldest.At && _open.Remove(oldest.Subject)
                && now - oldest.At < ExpiresMilliseconds)
            {
                Forgotten++;
            }
        }

        if (_order.Count == _capacity)
        {
            _account.Charge(MemoryUse.Connections, _capacity * RequestBytes);
            _capacity *= 2;
        }

        ulong subject = KeyOf(reply);
        _open[subject] = (now, 0);
        _order.Enqueue((subject, now));
    }

    /// <summary>True if the client may publish to <paramref name="subject"/> as a reply, which counts as one.</summary>
    public bool TryUse(ReadOnlySpan<byte> subject, long now)
    {
        ulong key = KeyOf(subject);
        if (!_open.TryGetValue(key, out var entry))
        {
            return false;
        }

        if (now - entry.At > ExpiresMilliseconds || (_rule.MaxMessages > 0 && entry.Used >= _rule.MaxMessages))
        {
            _open.Remove(key);
            return false;
        }

        _open[key] = (entry.At, entry.Used + 1);
        return true;
    }

    /// <summary>Gives its memory back.</summary>
    public void Release() => _account.Release(MemoryUse.Connections, _capacity * RequestBytes);

    private ulong KeyOf(ReadOnlySpan<byte> subject)
    {
        SipHash hash = new(_key0, _key1);
        hash.Append(subject);
        return hash.Finish();
    }
}

using Causeway.Core.Subjects;

namespace Causeway.Core.Subscriptions;

/// <summary>
/// All subscriptions of one tenant, found by subject: literals in a hash table, patterns in a trie. One lock guards it; message
/// routing takes the lock only when a <see cref="Routing.RouteCache"/> does not know the answer or the answer may have changed, which it
/// sees by <see cref="Stamp"/>.
/// </summary>
public sealed class SubscriptionIndex
{
    // A literal's coming or going makes stale only the routes of subjects that share its bucket; a pattern's, all.
    private const int StampBuckets = 256;

    private const int SlotsPerStep = 1024;

    private readonly Lock _lock = new();
    private readonly SubscriptionTable<BySubject> _literals;
    private readonly PatternTrie _patterns;
    private readonly Dictionary<byte[], QueueGroupName> _queues;
    private readonly long[] _literalStamps = new long[StampBuckets];
    private long _patternStamp;
    private int _count;
    private long _inserts;

    /// <summary>Creates an index whose tables use <paramref name="hash"/>.</summary>
    public SubscriptionIndex(ByteHash hash)
    {
        Hash = hash;
        _literals = new SubscriptionTable<BySubject>(hash);
        _patterns = new PatternTrie(hash);
        _queues = new Dictionary<byte[], QueueGroupName>(new ByteStringComparer(hash));
    }

    /// <summary>The hash of its tables, which a subject's stamp and route use too.</summary>
    public ByteHash Hash { get; }

    /// <summary>Who follows what comes and goes, or null. To be set before the first subscription.</summary>
    public ISubscriptionObserver? Observer { get; set; }

    /// <summary>Subscriptions in all.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Subscriptions ever added.</summary>
    public long Inserts => Volatile.Read(ref _inserts);

    /// <summary>Subscriptions with wildcards.</summary>
    public int PatternCount => _patterns.Count;

    /// <summary>Different literal subjects.</summary>
    public int LiteralSubjects => _literals.Count;

    /// <summary>A number that changes whenever the route of a subject with <paramref name="subjectHash"/> may have changed.</summary>
    public long Stamp(uint subjectHash) =>
        Volatile.Read(ref _patternStamp) + Volatile.Read(ref _literalStamps[subjectHash % StampBuckets]);

    /// <summary>The name object of the queue group <paramref name="name"/>, for one new subscription.</summary>
    public QueueGroupName InternQueue(ReadOnlySpan<byte> name)
    {
        lock (_lock)
        {
            Dictionary<byte[], QueueGroupName>.AlternateLookup<ReadOnlySpan<byte>> lookup = _queues.GetAlternateLookup<ReadOnlySpan<byte>>();
            if (!lookup.TryGetValue(name, out QueueGroupName? known))
            {
                byte[] bytes = name.ToArray();
                _queues[bytes] = known = new QueueGroupName(bytes);
            }

            known.Uses++;
            return known;
        }
    }

    /// <summary>Takes back an <see cref="InternQueue"/> whose subscription did not come to be.</summary>
    public void ReleaseQueue(QueueGroupName? queue)
    {
        lock (_lock)
        {
            if (queue is not null && --queue.Uses == 0)
            {
                _queues.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(queue.Name.Span);
            }
        }
    }

    /// <summary>Adds a subscription; its subject must be valid.</summary>
    public void Add(Subscription subscription)
    {
        lock (_lock)
        {
            if (subscription.IsPattern)
            {
                _patterns.Add(subscription);
                _patternStamp++;
            }
            else
            {
                uint hash = Hash.Of(subscription.Subject);
                Subscription? head = _literals.Find(subscription.Subject, hash);
                SubscriptionChain.Add(ref head, subscription);
                _literals.Put(subscription);
                _literalStamps[hash % StampBuckets]++;
            }

            _count++;
            _inserts++;
            Observer?.OnAdded(subscription);
        }
    }

    /// <summary>Removes a subscription; false if it was removed before.</summary>
    public bool Remove(Subscription subscription)
    {
        lock (_lock)
        {
            if (subscription.Removed)
            {
                return false;
            }

            subscription.Removed = true;
            if (subscription.IsPattern)
            {
                _patterns.Remove(subscription);
                _patternStamp++;
            }
            else
            {
                RemoveLiteral(subscription);
            }

            Observer?.OnRemoved(subscription);
            ReleaseQueue(subscription.Queue);
            _count--;
            return true;
        }
    }

    /// <summary>
    /// Fills <paramref name="route"/> with all that matches the literal <paramref name="subject"/>, and returns the stamp under
    /// which this is true. A subject with an empty token matches nothing.
    /// </summary>
    public long Match(ReadOnlySpan<byte> subject, uint subjectHash, Route route)
    {
        route.Clear();
        lock (_lock)
        {
            route.AddChain(_literals.Find(subject, subjectHash));
            if (_patterns.Count > 0 && !HasEmptyToken(subject))
            {
                _patterns.Match(subject, route);
            }

            return Stamp(subjectHash);
        }
    }

    /// <summary>
    /// Calls <paramref name="visit"/> for every subscription until it returns false. Holds the lock all the while: for monitoring,
    /// which bounds how many it looks at.
    /// </summary>
    public void Visit(Func<Subscription, bool> visit)
    {
        lock (_lock)
        {
            for (int slot = 0; slot < _literals.SlotCount; slot++)
            {
                for (Subscription? at = _literals.At(slot); at is not null; at = at.Next)
                {
                    if (!visit(at))
                    {
                        return;
                    }
                }
            }

            _patterns.Visit(visit);
        }
    }

    /// <summary>
    /// Calls <paramref name="visit"/> for about <paramref name="most"/> subscriptions to literals, which lie in the order of their
    /// hashes and so are a fair sample, and for a quarter as many with wildcards at most; returns how many of each. Gives the lock back
    /// every few hundred literals, so that routing hardly waits for it; what comes and goes meanwhile may be missed or met twice.
    /// </summary>
    public (int Literals, int Patterns) Sample(int most, Action<Subscription> visit)
    {
        int literals = 0;
        for (int slot = 0, slots = 1; literals < most && slot < slots;)
        {
            lock (_lock)
            {
                slots = _literals.SlotCount;
                int end = Math.Min(slot + SlotsPerStep, slots);
                for (; slot < end && literals < most; slot++)
                {
                    for (Subscription? at = _literals.At(slot); at is not null && literals < most; at = at.Next)
                    {
                        visit(at);
                        literals++;
                    }
                }
            }
        }

        int patterns = 0;
        lock (_lock)
        {
            _patterns.Visit(subscription =>
            {
                visit(subscription);
                return ++patterns < most / 4;
            });
        }

        return (literals, patterns);
    }

    /// <summary>Does <paramref name="action"/> while no subscription comes or goes; it may use the index. For rare work only.</summary>
    public void Exclusively(Action action)
    {
        lock (_lock)
        {
            action();
        }
    }

    private static bool HasEmptyToken(ReadOnlySpan<byte> subject) =>
        subject.IsEmpty || subject[0] == Subject.Separator || subject[^1] == Subject.Separator || subject.IndexOf(".."u8) >= 0;

    private void RemoveLiteral(Subscription subscription)
    {
        uint hash = Hash.Of(subscription.Subject);
        Subscription? head = _literals.Find(subscription.Subject, hash);
        SubscriptionChain.Remove(ref head, subscription);
        if (head is null)
        {
            _literals.Remove(subscription.Subject);
        }
        else
        {
            _literals.Put(head);
        }

        _literalStamps[hash % StampBuckets]++;
    }
}

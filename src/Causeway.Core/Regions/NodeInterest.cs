using Causeway.Core.Interest;
using Causeway.Core.Links;
using Causeway.Core.Memory;
using Causeway.Core.Routing;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Regions;

/// <summary>
/// What this node's clients want, as it is told to the other nodes of the region, and what the whole region wants, as it is told to
/// other regions. Inboxes stay within the region: replies find their way without (<see cref="ReturnPath"/>). Safe for any thread.
/// </summary>
public sealed class NodeInterest
{
    private readonly FingerprintKey _key;
    private readonly Lock _lock = new();
    private Widening[] _widenings = [];
    private readonly LinkLimits _limits;
    private long _oversized;

    /// <summary>Creates what a node tells, over empty tables.</summary>
    public NodeInterest(FingerprintKey key, LinkLimits limits, Func<IInterestListener?, InterestTable> createTable)
    {
        _key = key;
        _limits = limits;
        Public = createTable(null);
        Inboxes = createTable(null);
        Region = createTable(null);
    }

    /// <summary>What this node's clients want, but their inboxes.</summary>
    public InterestTable Public { get; }

    /// <summary>The inboxes of this node's clients.</summary>
    public InterestTable Inboxes { get; }

    /// <summary>What the clients of all nodes of the region want, but their inboxes.</summary>
    public InterestTable Region { get; }

    /// <summary>Patterns that stand for many literals at present.</summary>
    public IEnumerable<WidenedPrefix> Widened => Volatile.Read(ref _widenings).SelectMany(widening => widening.Prefixes);

    /// <summary>Subscriptions that could not be told, their subject and queue group being too long for a link.</summary>
    public long Oversized => Volatile.Read(ref _oversized);

    private static ReadOnlySpan<byte> InboxPrefix => "_INBOX."u8;

    /// <summary>True if <paramref name="subject"/> is an inbox, which stays within the region.</summary>
    public static bool IsInbox(ReadOnlySpan<byte> subject) => subject.StartsWith(InboxPrefix);

    /// <summary>Follows the subscriptions of <paramref name="tenant"/>. To be called before the first of them. Any thread.</summary>
    public void Follow(Tenant tenant)
    {
        Widening widening = new(tenant, this, _limits);
        lock (_lock)
        {
            Volatile.Write(ref _widenings, [.. _widenings, widening]);
        }

        tenant.Subscriptions.Observer = widening;
    }

    /// <summary>A subscription came or went that no widened prefix stands for.</summary>
    internal void OnChanged(Tenant tenant, Subscription subscription, bool present)
    {
        ReadOnlySpan<byte> subject = subscription.Subject;
        bool isInbox = subject.StartsWith(InboxPrefix);
        InterestTable own = isInbox ? Inboxes : Public;
        if (!subscription.IsPattern && subscription.Queue is null)
        {
            ulong fingerprint = _key.Of(tenant.NameBytes.Span, subject);
            SetLiteral(own, fingerprint, present);
            if (!isInbox)
            {
                SetLiteral(Region, fingerprint, present);
            }

            return;
        }

        SetAsText(tenant, subscription, present);
    }

    /// <summary>
    /// What a leaf or hub wants came or went: it travels as text, so that other leafs can be told. What it finds loops by stays here: any
    /// circle through the deployment is found by the deployment's own subject, and what is kept of a lost node must not look like a loop.
    /// </summary>
    internal void OnLeafChanged(Tenant tenant, Subscription subscription, bool present)
    {
        if (!subscription.Subject.StartsWith("$LDS."u8))
        {
            SetAsText(tenant, subscription, present);
        }
    }

    /// <summary>A literal that is told as a fingerprint is told, or told no longer, as text too: other nodes have leafs.</summary>
    internal void SetSpelled(Tenant tenant, Subscription subscription, bool present) => SetAsText(tenant, subscription, present);

    /// <summary>What the node says of itself in the manner of interest.</summary>
    internal void SetMark(InterestText mark, bool present) => SetPattern(mark, present);

    private void SetAsText(Tenant tenant, Subscription subscription, bool present)
    {
        ReadOnlySpan<byte> subject = subscription.Subject;
        bool isInbox = subject.StartsWith(InboxPrefix);
        ReadOnlySpan<byte> queue = subscription.Queue is { } group ? group.Name.Span : default;
        if (!InterestText.Fits(tenant.NameBytes.Span, subject, queue))
        {
            Interlocked.Increment(ref _oversized);
            return;
        }

        InterestText text = new(tenant.NameBytes.Span, subject, queue);
        SetText(isInbox ? Inboxes : Public, text, present);
        if (!isInbox)
        {
            SetText(Region, text, present);
        }
    }

    /// <summary>True if a subscription is told as a fingerprint that a widened prefix could stand for.</summary>
    internal static bool IsWidenable(Subscription subscription) =>
        !subscription.IsPattern && subscription.Queue is null && !subscription.Subject.StartsWith(InboxPrefix);

    /// <summary>A pattern begins or ends to stand for literals.</summary>
    internal void SetPattern(InterestText pattern, bool present)
    {
        SetText(Public, pattern, present);
        SetText(Region, pattern, present);
    }

    /// <summary>Another node of the region begins or ends to want a literal.</summary>
    internal void OnNeighbour(ulong fingerprint, bool present) => SetLiteral(Region, fingerprint, present);

    /// <summary>Another node of the region begins or ends to want a pattern or a queue group.</summary>
    internal void OnNeighbour(InterestText text, bool present) => SetText(Region, text, present);

    /// <summary>Widens or narrows where that is due.</summary>
    internal void Check(Governor governor)
    {
        foreach (Widening widening in Volatile.Read(ref _widenings))
        {
            widening.Check(governor);
        }
    }

    private static void SetLiteral(InterestTable table, ulong fingerprint, bool present)
    {
        if (present)
        {
            table.AddLiteral(fingerprint);
        }
        else
        {
            table.RemoveLiteral(fingerprint);
        }
    }

    private static void SetText(InterestTable table, InterestText text, bool present)
    {
        if (present)
        {
            table.AddText(text);
        }
        else
        {
            table.RemoveText(text);
        }
    }
}

using Causeway.Core.Subjects;

namespace Causeway.Core.Access;

/// <summary>
/// What a user may publish and subscribe to. A list that is null does not limit; deny goes before allow. Immutable, any thread.
/// </summary>
public sealed record Permissions
{
    /// <summary>Everything is allowed.</summary>
    public static readonly Permissions All = new();

    /// <summary>What may be published to.</summary>
    public SubjectSet? PublishAllow { get; init; }

    /// <summary>What may not be published to.</summary>
    public SubjectSet? PublishDeny { get; init; }

    /// <summary>What may be subscribed to.</summary>
    public IReadOnlyList<SubscribeRule>? SubscribeAllow { get; init; }

    /// <summary>What may not be subscribed to.</summary>
    public IReadOnlyList<SubscribeRule>? SubscribeDeny { get; init; }

    /// <summary>Replies that are allowed whatever the lists say; null for none.</summary>
    public ResponseRule? Responses { get; init; }

    /// <summary>True if nothing is limited.</summary>
    public bool IsUnlimited => PublishAllow is null && PublishDeny is null && SubscribeAllow is null && SubscribeDeny is null;

    /// <summary>True if the lists allow to publish to the literal <paramref name="subject"/>.</summary>
    public bool MayPublish(ReadOnlySpan<byte> subject) =>
        (PublishAllow is null || PublishAllow.Has(subject)) && (PublishDeny is null || !PublishDeny.Has(subject));

    /// <summary>
    /// True if the lists allow a subscription to <paramref name="subject"/>, a literal or pattern, in <paramref name="queue"/> (empty
    /// for none): an allowed entry must stand for all of it, and no denied one may. What a denied entry has in common with a
    /// pattern is left out at delivery: <see cref="MayReceive"/>.
    /// </summary>
    public bool MaySubscribe(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue)
    {
        if (SubscribeAllow is not null && !IsAllowed(SubscribeAllow, subject, queue))
        {
            return false;
        }

        return SubscribeDeny is null || !AnyCovers(SubscribeDeny, subject, queue);
    }

    /// <summary>True if a pattern that may be subscribed to stands for subjects that are denied: its messages are to be checked.</summary>
    public bool FiltersWithin(ReadOnlySpan<byte> pattern)
    {
        foreach (SubscribeRule rule in SubscribeDeny ?? [])
        {
            if (rule.Queue is null && PatternRelation.Overlap(rule.Subject.Span, pattern))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True unless the literal <paramref name="subject"/> is denied to plain subscriptions.</summary>
    public bool MayReceive(ReadOnlySpan<byte> subject)
    {
        foreach (SubscribeRule rule in SubscribeDeny ?? [])
        {
            if (rule.Queue is null && Subject.Matches(rule.Subject.Span, subject))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Where entries with a queue group speak of the subject, they alone say which groups may be used, as in nats-server.</summary>
    private static bool IsAllowed(IReadOnlyList<SubscribeRule> rules, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue)
    {
        bool plain = false;
        bool groups = false;
        foreach (SubscribeRule rule in rules)
        {
            if (!PatternRelation.Covers(rule.Subject.Span, subject))
            {
                continue;
            }

            if (rule.Queue is null)
            {
                plain = true;
            }
            else if (!queue.IsEmpty)
            {
                groups = true;
                if (PatternRelation.Covers(rule.Queue, queue))
                {
                    return true;
                }
            }
        }

        return plain && !groups;
    }

    private static bool AnyCovers(IReadOnlyList<SubscribeRule> rules, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue)
    {
        foreach (SubscribeRule rule in rules)
        {
            if (rule.Covers(subject, queue))
            {
                return true;
            }
        }

        return false;
    }
}

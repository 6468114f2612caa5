using Causeway.Core.Interest;
using Causeway.Core.Memory;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Regions;

/// <summary>
/// Keeps what one tenant's clients want within a number of entries: when there are more, the fullest subject prefix is told as one
/// pattern in place of its literals. That sends more messages than are wanted, and never fewer. It is undone, with hysteresis, when
/// there is room again. The observer's members are called within the index's lock, <see cref="Check"/> by the mesh.
/// </summary>
internal sealed class Widening(Tenant tenant, NodeInterest own, Links.LinkLimits limits) : ISubscriptionObserver
{
    /// <summary>Most prefixes that are widened at a time.</summary>
    public const int MaxPrefixes = 64;

    /// <summary>Most different prefixes that are counted in search of the fullest.</summary>
    public const int MaxCountedPrefixes = 100_000;

    // A prefix must be worth its unwanted messages.
    private const int LeastSubscriptions = 16;
    private const int LooksBetween = 10;

    // Longest wait for links that don't learn of the pattern, so that one dead link does not keep the memory.
    private const int MaxLooksUntilAlone = 200;
    private const int PrefixTokens = 2;

    private readonly Dictionary<byte[], WidenedPrefix> _byPrefix = new(new ByteStringComparer(tenant.Subscriptions.Hash));
    private WidenedPrefix[] _prefixes = [];
    private long _looks;
    private bool _spells;

    /// <summary>The widened prefixes.</summary>
    public IReadOnlyList<WidenedPrefix> Prefixes => Volatile.Read(ref _prefixes);

    public void OnAdded(Subscription subscription) => OnChanged(subscription, present: true);

    public void OnRemoved(Subscription subscription) => OnChanged(subscription, present: false);

    /// <summary>Widens or narrows where that is due.</summary>
    public void Check(Governor governor)
    {
        _looks++;
        if (_spells != tenant.LeafMarks.WantsText)
        {
            tenant.Subscriptions.Exclusively(Spell);
        }

        foreach (WidenedPrefix prefix in Prefixes)
        {
            if (!prefix.IsAlone && (own.Public.OldestCursor >= prefix.KnownFrom || _looks - prefix.BeganAt >= MaxLooksUntilAlone))
            {
                tenant.Subscriptions.Exclusively(() => LeaveAlone(prefix));
            }
        }

        if (_looks % LooksBetween != 0)
        {
            return;
        }

        bool isShort = governor.Step >= GovernorStep.WidenInterest;
        if (own.Public.Literals > limits.MaxExportedEntries || isShort)
        {
            if (_byPrefix.Count < MaxPrefixes && !Prefixes.Any(prefix => !prefix.IsAlone))
            {
                tenant.Subscriptions.Exclusively(WidenFullest);
            }
        }
        else
        {
            NarrowOne();
        }
    }

    private void OnChanged(Subscription subscription, bool present)
    {
        if (_byPrefix.Count > 0 && NodeInterest.IsWidenable(subscription) && Covering(subscription.Subject) is { } prefix)
        {
            prefix.Subscriptions += present ? 1 : -1;
            if (prefix.IsAlone)
            {
                return;
            }
        }

        Tell(subscription, present);
    }

    private void Tell(Subscription subscription, bool present)
    {
        own.OnChanged(tenant, subscription, present);
        if (_spells && NodeInterest.IsWidenable(subscription))
        {
            own.SetSpelled(tenant, subscription, present);
        }
    }

    /// <summary>Literals are told as text too from now on, or no longer: other nodes have leafs, or none any more.</summary>
    private void Spell()
    {
        _spells = !_spells;
        VisitWidenable(subscription =>
        {
            if (Covering(subscription.Subject) is not { IsAlone: true })
            {
                own.SetSpelled(tenant, subscription, _spells);
            }
        });
    }

    private WidenedPrefix? Covering(ReadOnlySpan<byte> subject)
    {
        Dictionary<byte[], WidenedPrefix>.AlternateLookup<ReadOnlySpan<byte>> lookup = _byPrefix.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (int tokens = 1; tokens <= PrefixTokens; tokens++)
        {
            ReadOnlySpan<byte> start = Subject.Prefix(subject, tokens);
            if (start.Length < subject.Length && lookup.TryGetValue(start, out WidenedPrefix? prefix))
            {
                return prefix;
            }
        }

        return null;
    }

    private void WidenFullest()
    {
        Dictionary<byte[], int> counts = new(new ByteStringComparer(tenant.Subscriptions.Hash));
        Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> lookup = counts.GetAlternateLookup<ReadOnlySpan<byte>>();
        VisitWidenable(subscription =>
        {
            for (int tokens = 1; tokens <= PrefixTokens; tokens++)
            {
                ReadOnlySpan<byte> start = Subject.Prefix(subscription.Subject, tokens);
                if (start.Length < subscription.Subject.Length && (counts.Count < MaxCountedPrefixes || lookup.ContainsKey(start)))
                {
                    lookup[start] = lookup.TryGetValue(start, out int count) ? count + 1 : 1;
                }
            }
        });
        if (counts.Count == 0)
        {
            return;
        }

        // The longer of two prefixes that hold about as much brings fewer unwanted messages.
        (byte[] fullest, int most) = counts.MaxBy(pair => pair.Value * (pair.Key.Contains(Subject.Separator) ? 2L : 1L));
        if (most < LeastSubscriptions || !InterestText.Fits(tenant.NameBytes.Span, [.. fullest, .. ".>"u8], default))
        {
            return;
        }

        WidenedPrefix prefix = new(fullest, new InterestText(tenant.NameBytes.Span, [.. fullest, .. ".>"u8])) { Subscriptions = most, BeganAt = _looks };
        own.SetPattern(prefix.Pattern, present: true);
        prefix.KnownFrom = own.Public.Version;
        _byPrefix[fullest] = prefix;
        Volatile.Write(ref _prefixes, [.. _byPrefix.Values]);
    }

    /// <summary>Links know the pattern: its literals need no longer be told.</summary>
    private void LeaveAlone(WidenedPrefix prefix)
    {
        ForEachOf(prefix, subscription => Tell(subscription, present: false));
        prefix.IsAlone = true;
    }

    private void NarrowOne()
    {
        foreach (WidenedPrefix prefix in Prefixes)
        {
            if (prefix.IsAlone && own.Public.Literals + prefix.Subscriptions < limits.MaxExportedEntries / 5 * 4)
            {
                tenant.Subscriptions.Exclusively(() =>
                {
                    // First the literals: a walk tells of them before it tells that the pattern is gone.
                    ForEachOf(prefix, subscription => Tell(subscription, present: true));
                    own.SetPattern(prefix.Pattern, present: false);
                    _byPrefix.Remove(prefix.Prefix);
                    Volatile.Write(ref _prefixes, [.. _byPrefix.Values]);
                });
                return;
            }
        }
    }

    private void ForEachOf(WidenedPrefix prefix, Action<Subscription> action) => VisitWidenable(subscription =>
    {
        if (Covering(subscription.Subject) == prefix)
        {
            action(subscription);
        }
    });

    private void VisitWidenable(Action<Subscription> action) => tenant.Subscriptions.Visit(subscription =>
    {
        if (NodeInterest.IsWidenable(subscription))
        {
            action(subscription);
        }

        return true;
    });
}

using Causeway.Core.Subscriptions;
using Causeway.Core.Tests.Subjects;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Subscriptions;

/// <summary>Subscriptions in a list, matched one by one: what a <see cref="SubscriptionIndex"/> must agree with.</summary>
internal sealed class IndexModel
{
    private readonly List<(string Subject, string? Queue, Subscription Subscription)> _all = [];

    public int Count => _all.Count;

    public void Add(Subscription subscription) =>
        _all.Add((TestSubscriptions.SubjectOf(subscription), subscription.Queue?.ToString(), subscription));

    /// <summary>Takes out the one at <paramref name="place"/>, counted around; null if there is none.</summary>
    public Subscription? RemoveAt(int place)
    {
        if (_all.Count == 0)
        {
            return null;
        }

        Subscription subscription = _all[place % _all.Count].Subscription;
        _all.RemoveAt(place % _all.Count);
        return subscription;
    }

    /// <summary>Fails unless <paramref name="route"/> leads to just those that <paramref name="subject"/> matches, by groups.</summary>
    public void AssertRoute(string subject, Route route)
    {
        ILookup<string, Subscription> matching = _all
            .Where(entry => NaiveSubject.Matches(entry.Subject, subject) && (NaiveSubject.IsPattern(entry.Subject) || entry.Subject == subject))
            .ToLookup(entry => entry.Queue ?? "", entry => entry.Subscription);
        TestSubscriptions.All(route);
        AssertSame(matching[""], route.Plain, subject);
        Assert.Equal(matching.Count(group => group.Key.Length > 0), route.Groups.Length);
        foreach (QueueGroupRoute group in route.Groups)
        {
            AssertSame(matching[group.Name!.ToString()], group.Members, subject);
        }

        Assert.Equal(matching.Count == 0, route.IsEmpty);
    }

    /// <summary>Fails unless <paramref name="index"/> holds and counts just these.</summary>
    public void AssertHeld(SubscriptionIndex index)
    {
        Assert.Equal(_all.Count, index.Count);
        Assert.Equal(_all.Count(entry => NaiveSubject.IsPattern(entry.Subject)), index.PatternCount);
        Assert.Equal(_all.Where(entry => !NaiveSubject.IsPattern(entry.Subject)).DistinctBy(entry => entry.Subject).Count(), index.LiteralSubjects);
        List<Subscription> visited = [];
        index.Visit(subscription =>
        {
            visited.Add(subscription);
            return true;
        });
        Assert.Equal(_all.Count, visited.Count);
        Assert.True(visited.ToHashSet().SetEquals(_all.Select(entry => entry.Subscription)));
    }

    private static void AssertSame(IEnumerable<Subscription> expected, ReadOnlySpan<Subscription> actual, string subject)
    {
        HashSet<Subscription> set = [.. expected];
        Assert.True(set.SetEquals(actual.ToArray()), $"{Wire.Literal(Wire.Bytes(subject))}: {string.Join("; ", actual.ToArray().AsEnumerable())} not {string.Join("; ", set)}");
    }
}

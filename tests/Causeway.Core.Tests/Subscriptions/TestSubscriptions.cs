using Causeway.Core.Subscriptions;
using Causeway.Core.Tests.Subjects;
using Causeway.Core.Tests.Support;

namespace Causeway.Core.Tests.Subscriptions;

/// <summary>Subscriptions without a client, for the structures that never look at it.</summary>
internal static class TestSubscriptions
{
    public static Subscription Create(string subject, string sid = "1", QueueGroupName? queue = null) =>
        new(null!, Wire.Bytes(subject), Wire.Bytes(sid), queue, NaiveSubject.IsPattern(subject));

    public static string SubjectOf(Subscription subscription) => Wire.Text(subscription.Subject);

    /// <summary>All that a route leads to, plain ones and members, as a set.</summary>
    public static HashSet<Subscription> All(Route route)
    {
        HashSet<Subscription> all = [];
        int count = 0;
        foreach (Subscription subscription in route.Plain)
        {
            all.Add(subscription);
            count++;
        }

        foreach (QueueGroupRoute group in route.Groups)
        {
            foreach (Subscription member in group.Members)
            {
                all.Add(member);
                count++;
            }
        }

        return all.Count == count ? all : throw new InvalidOperationException("a subscription is twice in the route");
    }
}

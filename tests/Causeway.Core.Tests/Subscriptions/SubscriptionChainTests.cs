using Causeway.Core.Subscriptions;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Subscriptions;

public sealed class SubscriptionChainTests
{
    [Fact]
    public void Any_adding_and_removing_leaves_the_others_linked_both_ways() =>
        Gen.Int[0, 9].Array[0, 40].Sample(steps =>
        {
            Subscription[] all = [.. Enumerable.Range(0, 10).Select(_ => TestSubscriptions.Create("a"))];
            List<Subscription> model = [];
            Subscription? head = null;
            foreach (Subscription subscription in steps.Select(step => all[step]))
            {
                if (model.Remove(subscription))
                {
                    SubscriptionChain.Remove(ref head, subscription);
                    Assert.Null(subscription.Next);
                    Assert.Null(subscription.Previous);
                }
                else
                {
                    SubscriptionChain.Add(ref head, subscription);
                    model.Insert(0, subscription);
                }

                Subscription? before = null;
                Subscription? at = head;
                foreach (Subscription expected in model)
                {
                    Assert.Same(expected, at);
                    Assert.Same(before, expected.Previous);
                    (before, at) = (expected, expected.Next);
                }

                Assert.Null(at);
            }
        }, iter: 2000);
}

using Causeway.Core.Leafs;
using Xunit;

namespace Causeway.Core.Tests.Leafs;

/// <summary>For which queue groups a message is.</summary>
public sealed class LeafQueuesTests
{
    [Fact]
    public void A_clients_message_is_for_all_groups_and_a_leafs_for_those_it_lists()
    {
        Assert.True(LeafQueues.All.Has("any"u8));
        Assert.False(new LeafQueues([]).Has("any"u8));
        Assert.False(new LeafQueues([]).Has([]));
        LeafQueues some = new("one  two"u8);
        Assert.True(some.Has("one"u8));
        Assert.True(some.Has("two"u8));
        Assert.False(some.Has("three"u8));
        Assert.False(some.Has("on"u8));
        Assert.False(some.Has(""u8));
    }
}

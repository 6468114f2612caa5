using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Core.Tests.Memory;

public sealed class FallowRuleTests
{
    private readonly FallowRule _rule = new();

    [Theory]
    [InlineData(0.90, 0.10, true)]
    [InlineData(0.75, 0.60, true)]
    [InlineData(0.74, 0.05, false)]
    [InlineData(0.75, 0.61, false)]
    [InlineData(0.95, 0.90, false)]
    [InlineData(1.20, 1.30, false)]
    public void It_is_due_where_memory_is_short_and_much_of_it_lies_fallow(double process, double held, bool isDue) =>
        Assert.Equal(isDue, _rule.IsDue(0, process, held));

    [Fact]
    public void What_a_flood_leaves_is_won_soon_though_there_was_a_collection_in_its_midst()
    {
        Assert.True(_rule.IsDue(10, 0.86, 0.6));
        _rule.Collected(10, 0.84, 0.6);
        Assert.False(_rule.IsDue(10 + FallowRule.LooksBetween - 1, 0.86, 0.02));
        Assert.True(_rule.IsDue(10 + FallowRule.LooksBetween, 0.86, 0.02));
    }

    /// <summary>A process that needs much beside its accounts would else stop itself every few seconds, for nothing.</summary>
    [Fact]
    public void What_a_collection_could_not_win_is_left_alone_for_long()
    {
        int collections = 0;
        for (int look = 0; look < 2 * FallowRule.LooksToForget; look++)
        {
            if (_rule.IsDue(look, 0.8, 0.5))
            {
                collections++;
                _rule.Collected(look, 0.8, 0.5);
            }
        }

        Assert.Equal(2, collections);
    }
}

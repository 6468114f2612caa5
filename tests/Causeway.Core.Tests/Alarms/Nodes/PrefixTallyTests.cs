using System.Text;
using Causeway.Core.Alarms.Nodes;
using Xunit;

namespace Causeway.Core.Tests.Alarms.Nodes;

public sealed class PrefixTallyTests
{
    [Fact]
    public void Growth_that_is_spread_comes_together_at_the_prefix_that_all_of_it_shares()
    {
        PrefixTally now = Tally(Enumerable.Range(0, 1000).Select(i => $"room.{i}.chat"));
        Assert.Equal("room.> 1000", Text(now.Top(null)));
    }

    [Fact]
    public void The_longest_prefix_that_has_most_of_it_is_named()
    {
        PrefixTally before = Tally(["room.1.chat", "user.1"]);
        PrefixTally now = Tally(["room.1.chat", "user.1", "user.2", .. Enumerable.Range(0, 70).Select(i => $"room.7.call.{i}"), .. Enumerable.Range(0, 30).Select(i => $"room.{i}.x")]);
        Assert.Equal("room.7.call.> 70", Text(now.Top(before)));
        Assert.Equal(["room.>", "user.>"], now.ByFirstToken(before).Select(prefix => prefix.ToString()));
    }

    [Fact]
    public void What_was_there_before_is_not_blamed_and_a_whole_subject_is_told_as_it_is()
    {
        PrefixTally before = Tally(Enumerable.Repeat("user.1", 100_000));
        PrefixTally now = Tally([.. Enumerable.Repeat("user.1", 100_000), "orders", "orders"]);
        Assert.Equal("orders 2", Text(now.Top(before)));
        Assert.Null(before.Top(now));
        Assert.Null(new PrefixTally().Top(null));
    }

    [Fact]
    public void However_many_prefixes_there_are_it_keeps_a_bounded_number_and_the_short_ones()
    {
        PrefixTally now = Tally(Enumerable.Range(0, 50_000).Select(i => $"a.{i}.{i}"));
        Assert.Equal("a.> 50000", Text(now.Top(null)));
        PrefixTally wide = Tally([.. Enumerable.Range(0, 50_000).Select(i => $"t{i}")]);
        Assert.Equal(PrefixTally.MaxPrefixes, wide.ByFirstToken(null).Count());
    }

    private static string? Text(PrefixGrowth? growth) => growth is null ? null : $"{growth} {growth.Count}";

    private static PrefixTally Tally(IEnumerable<string> subjects)
    {
        PrefixTally tally = new();
        foreach (string subject in subjects)
        {
            tally.Add(Encoding.UTF8.GetBytes(subject), 100);
        }

        return tally;
    }
}

using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>Which subjects a subscription gets: published in one row, matched in another.</summary>
public class SubjectMatchingTests(ServerPool servers) : ServerTests(servers)
{
    [Theory]
    [OnEveryServer("a", "a A aa a.b b", "a")]
    [OnEveryServer("a.b", "a.b A.B a.B ab a a.b.c a.* a.> * >", "a.b")]
    [OnEveryServer("*", "a a.b b * >", "a b * >")]
    [OnEveryServer("a.*", "a a.b a.c a.b.c A.b b.b a.* a.>", "a.b a.c a.* a.>")]
    [OnEveryServer("*.b", "a.b b a.b.c x.b .b", "a.b x.b")]
    [OnEveryServer("*.*", "a a.b a.b.c", "a.b")]
    [OnEveryServer("a.*.c", "a.b.c a.x.c a.b.d a..c a.b.c.d a.c", "a.b.c a.x.c")]
    [OnEveryServer("*.b.*", "a.b.c a.c.b x.b.y a.b", "a.b.c x.b.y")]
    [OnEveryServer(">", "a a.b a.b.c * >", "a a.b a.b.c * >")]
    [OnEveryServer("a.>", "a a.b a.b.c b.a ab.c a.>", "a.b a.b.c a.>")]
    [OnEveryServer("*.>", "a a.b a.b.c", "a.b a.b.c")]
    [OnEveryServer("a.*.>", "a.b a.b.c a.b.c.d b.b.c", "a.b.c a.b.c.d")]
    [OnEveryServer("a*", "ab a* a aa", "a*")]
    [OnEveryServer("*a", "ba *a a", "*a")]
    [OnEveryServer("a.*b", "a.xb a.*b a.b", "a.*b")]
    [OnEveryServer("a.>b", "a.xb a.>b a.b", "a.>b")]
    [OnEveryServer("**", "a ** aa *", "**")]
    [OnEveryServer("a.>>", "a.b a.>> a.>", "a.>>")]
    [OnEveryServer("$SYS.>", "$SYS.a $sys.a", "$SYS.a")]
    public async Task Matches(ServerKind kind, string pattern, string published, string matched)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        string got = await connection.ExchangeAsync($"SUB {pattern} 1\r\n{PublishEach(published)}");

        Assert.Equal(matched, Deliveries.Subjects(got));
    }

    [Theory]
    [OnEveryServer("a..b")]
    [OnEveryServer(".a")]
    [OnEveryServer("a.")]
    [OnEveryServer(".")]
    public async Task A_subject_with_an_empty_token_reaches_nobody(ServerKind kind, string subject)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            string.Empty,
            await connection.ExchangeAsync(
                $"SUB > 1\r\nSUB a.> 2\r\nSUB *.* 3\r\nSUB *.*.* 4\r\n{PublishEach(subject)}"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Overlapping_subscriptions_each_get_the_message(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        string got = await connection.ExchangeAsync(
            "SUB x.y 1\r\nSUB x.* 2\r\nSUB x.> 3\r\nSUB > 4\r\nSUB *.y 5\r\nSUB *.* 6\r\nSUB y.x 7\r\nPUB x.y 0\r\n\r\n");

        Assert.All(["1", "2", "3", "4", "5", "6"], sid => Assert.Equal(1, Deliveries.Count(got, sid)));
        Assert.Equal(0, Deliveries.Count(got, "7"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Removing_one_of_overlapping_subscriptions_leaves_the_others(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            "MSG x.y 3 0\r\n\r\n",
            await connection.ExchangeAsync(
                "SUB x.y 1\r\nSUB x.* 2\r\nSUB x.> 3\r\nUNSUB 1\r\nUNSUB 2\r\nPUB x.y 0\r\n\r\n"));
    }

    private static string PublishEach(string subjects) =>
        string.Concat(subjects.Split(' ').Select(subject => $"PUB {subject} 0\r\n\r\n"));
}

using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>
/// One member of each group gets each message. Each test has a subject and a group of its own: a member of an earlier test takes its share
/// until the server has noticed that its connection is gone.
/// </summary>
public class QueueGroupTests(ServerPool servers) : ServerTests(servers)
{
    private const int Messages = 2_000;

    private readonly string _work = NewSubject();
    private readonly string _group = $"q{NewSubject()}";

    private string PublishAll => string.Concat(Enumerable.Repeat($"PUB {_work} 0\r\n\r\n", Messages));

    [Theory]
    [OnEveryServer]
    public async Task Members_on_many_connections_share_fairly(ServerKind kind)
    {
        const int Members = 4;
        await using RawConnection publisher = await ConnectAsync(kind);
        List<RawConnection> members = [];
        try
        {
            for (int count = 0; count < Members; count++)
            {
                RawConnection member = await ConnectAsync(kind);
                members.Add(member);
                await member.ExchangeAsync($"SUB {_work} {_group} 1\r\n");
            }

            await publisher.ExchangeAsync(PublishAll);
            List<int> shares = [];
            foreach (RawConnection member in members)
            {
                shares.Add(Deliveries.Count(await member.FlushAsync(), "1"));
            }

            // Far beyond chance: 500 each is expected with a standard deviation of 19.
            Assert.Equal(Messages, shares.Sum());
            Assert.All(shares, share => Assert.InRange(share, 350, 650));
        }
        finally
        {
            foreach (RawConnection member in members)
            {
                await member.DisposeAsync();
            }
        }
    }

    [Theory]
    [OnEveryServer]
    public async Task Members_on_one_connection_share_fairly(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        string got = await connection.ExchangeAsync($"SUB {_work} {_group} 1\r\nSUB {_work} {_group} 2\r\n" + PublishAll);

        Assert.Equal(Messages, Deliveries.Count(got, "1") + Deliveries.Count(got, "2"));
        Assert.InRange(Deliveries.Count(got, "1"), 800, 1200);
    }

    [Theory]
    [OnEveryServer]
    public async Task Groups_and_plain_subscriptions_each_get_every_message(ServerKind kind)
    {
        await using RawConnection first = await ConnectAsync(kind);
        await using RawConnection second = await ConnectAsync(kind);
        await second.ExchangeAsync($"SUB {_work} {_group} 1\r\nSUB {_work} {_group.ToUpperInvariant()} 2\r\nSUB {_work} 3\r\n");

        string got = await first.ExchangeAsync($"SUB {_work} {_group} 1\r\nSUB {_work} r{_group} 2\r\nSUB {_work} 3\r\n" + PublishAll);
        string secondGot = await second.FlushAsync();

        Assert.Equal(Messages, Deliveries.Count(got, "1") + Deliveries.Count(secondGot, "1"));
        Assert.Equal(Messages, Deliveries.Count(got, "2"));
        Assert.Equal(Messages, Deliveries.Count(got, "3"));
        Assert.Equal(Messages, Deliveries.Count(secondGot, "2"));
        Assert.Equal(Messages, Deliveries.Count(secondGot, "3"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Members_of_one_name_on_different_patterns_are_one_group(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        string got = await connection.ExchangeAsync(
            $"SUB {_work} {_group} 1\r\nSUB * {_group} 2\r\nSUB > {_group} 3\r\nSUB other {_group} 4\r\n" + PublishAll);

        int[] shares = [Deliveries.Count(got, "1"), Deliveries.Count(got, "2"), Deliveries.Count(got, "3")];
        Assert.Equal(Messages, shares.Sum());
        Assert.All(shares, share => Assert.InRange(share, 500, 850));
    }

    [Theory]
    [OnEveryServer]
    public async Task A_member_that_leaves_gets_nothing_more(ServerKind kind)
    {
        await using RawConnection stays = await ConnectAsync(kind);
        await using RawConnection leaves = await ConnectAsync(kind);
        await stays.ExchangeAsync($"SUB {_work} {_group} 1\r\n");
        await leaves.ExchangeAsync($"SUB {_work} {_group} 1\r\nUNSUB 1\r\n");

        Assert.Equal(Messages, Deliveries.Count(await stays.ExchangeAsync(PublishAll), "1"));
        Assert.Equal(string.Empty, await leaves.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task A_group_serves_wildcard_patterns(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        string got = await connection.ExchangeAsync(
            $"SUB {_work}.* {_group} 1\r\nSUB {_work}.* {_group} 2\r\nPUB {_work}.a 0\r\n\r\nPUB {_work}.b 0\r\n\r\nPUB {_work}.c 0\r\n\r\n");

        Assert.Equal($"{_work}.a {_work}.b {_work}.c", Deliveries.Subjects(got));
    }

    [Theory]
    [OnEveryServer]
    public async Task The_reply_subject_reaches_the_member(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            $"MSG {_work} 1 answer.here 2\r\nhi\r\n",
            await connection.ExchangeAsync($"SUB {_work} {_group} 1\r\nPUB {_work} answer.here 2\r\nhi\r\n"));
    }
}

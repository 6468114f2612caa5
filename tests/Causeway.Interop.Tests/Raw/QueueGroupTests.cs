using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>One member of each group gets each message.</summary>
public class QueueGroupTests(ServerPool servers) : ServerTests(servers)
{
    private const int Messages = 2_000;
    private const string Publish = "PUB work 0\r\n\r\n";

    private static string PublishAll { get; } = string.Concat(Enumerable.Repeat(Publish, Messages));

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
                await member.ExchangeAsync("SUB work q 1\r\n");
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

        string got = await connection.ExchangeAsync("SUB work q 1\r\nSUB work q 2\r\n" + PublishAll);

        Assert.Equal(Messages, Deliveries.Count(got, "1") + Deliveries.Count(got, "2"));
        Assert.InRange(Deliveries.Count(got, "1"), 800, 1200);
    }

    [Theory]
    [OnEveryServer]
    public async Task Groups_and_plain_subscriptions_each_get_every_message(ServerKind kind)
    {
        await using RawConnection first = await ConnectAsync(kind);
        await using RawConnection second = await ConnectAsync(kind);
        await second.ExchangeAsync("SUB work q 1\r\nSUB work Q 2\r\nSUB work 3\r\n");

        string got = await first.ExchangeAsync("SUB work q 1\r\nSUB work r 2\r\nSUB work 3\r\n" + PublishAll);
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
            "SUB work q 1\r\nSUB * q 2\r\nSUB > q 3\r\nSUB other q 4\r\n" + PublishAll);

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
        await stays.ExchangeAsync("SUB work q 1\r\n");
        await leaves.ExchangeAsync("SUB work q 1\r\nUNSUB 1\r\n");

        Assert.Equal(Messages, Deliveries.Count(await stays.ExchangeAsync(PublishAll), "1"));
        Assert.Equal(string.Empty, await leaves.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task A_group_serves_wildcard_patterns(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        string got = await connection.ExchangeAsync(
            "SUB jobs.* q 1\r\nSUB jobs.* q 2\r\nPUB jobs.a 0\r\n\r\nPUB jobs.b 0\r\n\r\nPUB jobs.c 0\r\n\r\n");

        Assert.Equal("jobs.a jobs.b jobs.c", Deliveries.Subjects(got));
    }

    [Theory]
    [OnEveryServer]
    public async Task The_reply_subject_reaches_the_member(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            "MSG work 1 answer.here 2\r\nhi\r\n",
            await connection.ExchangeAsync("SUB work q 1\r\nPUB work answer.here 2\r\nhi\r\n"));
    }
}

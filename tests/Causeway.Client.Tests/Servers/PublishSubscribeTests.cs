using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Servers;

public sealed class PublishSubscribeTests(SharedServers servers) : ServerTest(servers)
{
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Messages_arrive_with_all_they_have(string kind)
    {
        BusClient client = await ConnectAsync(kind, options => options with { Name = "all" });
        string subject = SharedServers.NewSubject();
        await using Subscription subscription = await client.SubscribeAsync(subject + ".*", cancellationToken: Cancelled);
        MessageHeaders headers = new() { { "a", "1" }, { "a", "2" }, { "b", "ü" } };

        await client.PublishAsync(subject + ".x", Bytes("hello"), "reply.to", headers, Cancelled);
        await client.PublishAsync(subject + ".y", cancellationToken: Cancelled);

        await using IAsyncEnumerator<Message> messages = subscription.GetAsyncEnumerator(Cancelled);
        Assert.True(await messages.MoveNextAsync().AsTask().InTimeAsync());
        Message message = messages.Current;
        Assert.Equal(subject + ".x", message.Subject);
        Assert.Equal("reply.to", message.ReplyTo);
        Assert.Equal("hello", Text(message));
        Assert.Equal(headers, message.Headers);
        Assert.True(await messages.MoveNextAsync().AsTask().InTimeAsync());
        message = messages.Current;
        Assert.Equal(subject + ".y", message.Subject);
        Assert.Null(message.ReplyTo);
        Assert.Null(message.Headers);
        Assert.Equal(0, message.Data.Length);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Many_messages_of_all_sizes_keep_their_order_and_content(string kind)
    {
        BusClient publisher = await ConnectAsync(kind, options => options with { OutboundBytesMax = 100_000 });
        BusClient subscriber = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();
        await using Subscription subscription = await subscriber.SubscribeAsync(
            subject, new SubscribeOptions { MessagesMax = 3000 }, Cancelled);
        await subscriber.FlushAsync(Cancelled);

        // Every size class: empty, small, around the buffers' sizes, and the server's maximum.
        int[] sizes = [0, 1, 100, 4096, 65_535, 65_536, 70_000, 300_000];
        Task publishing = Task.Run(
            async () =>
            {
                for (int i = 0; i < 3000; i++)
                {
                    int size = i % 500 == 499 ? publisher.ServerInfo.PayloadBytesMax : i % 50 == 49 ? sizes[i / 50 % sizes.Length] : i % 200;
                    byte[] data = new byte[size];
                    Array.Fill(data, (byte)i);
                    await publisher.PublishAsync(subject, data, cancellationToken: Cancelled);
                }
            },
            Cancelled);

        int received = 0;
        await foreach (Message message in subscription.WithCancellation(Cancelled))
        {
            int i = received++;
            int size = i % 500 == 499 ? publisher.ServerInfo.PayloadBytesMax : i % 50 == 49 ? sizes[i / 50 % sizes.Length] : i % 200;
            Assert.Equal(size, message.Data.Length);
            Assert.False(message.Data.Span.ContainsAnyExcept((byte)i));
        }

        Assert.Equal(3000, received);
        await publishing;
        Assert.Equal(0, subscriber.Statistics.Subscriptions);
        Assert.Equal(publisher.Statistics.BytesOut, subscriber.Statistics.BytesIn);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_queue_group_shares_the_messages(string kind)
    {
        BusClient client = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();
        SubscribeOptions options = new() { QueueGroup = "workers" };
        await using Subscription one = await client.SubscribeAsync(subject, options, Cancelled);
        await using Subscription other = await client.SubscribeAsync(subject, options, Cancelled);

        for (int i = 0; i < 200; i++)
        {
            await client.PublishAsync(subject, cancellationToken: Cancelled);
        }

        await client.FlushAsync(Cancelled);
        Assert.Equal(200, one.PendingMessages + other.PendingMessages);
        Assert.NotEqual(0, one.PendingMessages);
        Assert.NotEqual(0, other.PendingMessages);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_subscription_with_a_maximum_ends_by_itself(string kind)
    {
        BusClient client = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();
        Subscription subscription = await client.SubscribeAsync(subject, new SubscribeOptions { MessagesMax = 2 }, Cancelled);
        for (int i = 0; i < 5; i++)
        {
            await client.PublishAsync(subject, Bytes($"{i}"), cancellationToken: Cancelled);
        }

        await client.FlushAsync(Cancelled);

        Assert.Equal(["0", "1"], await ReadToEndAsync(subscription));
        Assert.Equal(2, client.Statistics.MessagesIn);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_disposed_subscription_gets_nothing_and_its_reader_ends(string kind)
    {
        BusClient client = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();
        Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        Task<List<string>> reading = ReadToEndAsync(subscription);

        await subscription.DisposeAsync();
        await client.PublishAsync(subject, cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);

        Assert.Empty(await reading.InTimeAsync());
        Assert.Equal(0, client.Statistics.MessagesIn);
        await subscription.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Without_echo_own_messages_stay_away(string kind)
    {
        BusClient client = await ConnectAsync(kind, options => options with { Echo = false });
        string subject = SharedServers.NewSubject();
        await using Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);

        await client.PublishAsync(subject, cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);

        Assert.Equal(0, subscription.PendingMessages);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_reader_can_be_cancelled_and_another_goes_on(string kind)
    {
        BusClient client = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();
        await using Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        using CancellationTokenSource impatience = new();
        await using (IAsyncEnumerator<Message> first = subscription.GetAsyncEnumerator(impatience.Token))
        {
            ValueTask<bool> next = first.MoveNextAsync();
            await using IAsyncEnumerator<Message> second = subscription.GetAsyncEnumerator(Cancelled);
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await second.MoveNextAsync());

            await impatience.CancelAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(async () => await next.AsTask().InTimeAsync());
        }

        await client.PublishAsync(subject, Bytes("late"), cancellationToken: Cancelled);
        Assert.Equal(["late"], await TakeAsync(subscription, 1));
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task What_can_not_be_published_or_subscribed_is_refused_before_it_harms(string kind)
    {
        BusClient client = await ConnectAsync(kind);
        byte[] tooLarge = new byte[client.ServerInfo.PayloadBytesMax + 1];

        Assert.Throws<ArgumentException>(() => client.TryPublish("a b", default));
        Assert.Throws<ArgumentException>(() => client.TryPublish("a.*", default));
        Assert.Throws<ArgumentException>(() => client.TryPublish("a", default, "b\r\n"));
        Assert.Throws<ArgumentException>(() => client.TryPublish(new string('x', 5000), default));
        Assert.Throws<PayloadTooLargeException>(() => client.TryPublish("a", tooLarge));
        Assert.Throws<PayloadTooLargeException>(() => client.TryPublish("a", tooLarge.AsSpan(1), headers: []));
        await Assert.ThrowsAsync<ArgumentException>(async () => await client.SubscribeAsync("a..b", cancellationToken: Cancelled));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await client.SubscribeAsync("a", new SubscribeOptions { QueueGroup = "q 1" }, Cancelled));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await client.SubscribeAsync("a", new SubscribeOptions { MessagesMax = 0 }, Cancelled));

        await client.FlushAsync(Cancelled);
        Assert.Equal(ConnectionState.Connected, client.State);
        Assert.Equal(0, client.Statistics.MessagesOut);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Threads_share_a_client(string kind)
    {
        BusClient client = await ConnectAsync(kind, options => options with { OutboundBytesMax = 10_000 });
        string subject = SharedServers.NewSubject();
        await using Subscription subscription = await client.SubscribeAsync(
            subject, new SubscribeOptions { MessagesMax = 40_000 }, Cancelled);

        Task publishing = Parallel.ForAsync(0, 4, Cancelled, async (thread, cancelled) =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                await client.PublishAsync(subject, Bytes($"{thread}:{i}"), cancellationToken: cancelled);
            }

            await client.FlushAsync(cancelled);
        });

        int[] next = new int[4];
        foreach (string text in await ReadToEndAsync(subscription).InTimeAsync())
        {
            string[] parts = text.Split(':');
            Assert.Equal($"{next[parts[0][0] - '0']++}", parts[1]);
        }

        await publishing.InTimeAsync();
        Assert.Equal([10_000, 10_000, 10_000, 10_000], next);
        Assert.Equal(0, client.Statistics.PendingPings);
        Assert.Equal(0, client.Statistics.PendingBytes);
    }
}

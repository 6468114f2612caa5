using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Servers;

public sealed class SlowConsumerTests(SharedServers servers) : ServerTest(servers)
{
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Beyond_the_bound_the_chosen_messages_are_dropped_counted_and_told_once(string kind)
    {
        List<ClientEvent> events = [];
        BusClient client = await ConnectAsync(kind, options => options with { OnEvent = events.Add });
        string subject = SharedServers.NewSubject();
        await using Subscription newest = await client.SubscribeAsync(
            subject, new SubscribeOptions { PendingMessagesMax = 3 }, Cancelled);
        await using Subscription oldest = await client.SubscribeAsync(
            subject, new SubscribeOptions { PendingMessagesMax = 3, SlowConsumer = SlowConsumerPolicy.DropOldest }, Cancelled);
        await using Subscription healthy = await client.SubscribeAsync(subject, cancellationToken: Cancelled);

        await PublishAsync(client, subject, 10);

        Assert.Equal(7, newest.DroppedMessages);
        Assert.Equal(7, oldest.DroppedMessages);
        Assert.Equal(10, healthy.PendingMessages);
        Assert.Equal([newest, oldest], events.OfType<ClientEvent.SlowConsumer>().Select(slow => slow.Subscription).OrderBy(slow => slow == oldest));

        // Once the reader has caught up it is slow anew when it is slow again.
        Assert.Equal(["0", "1", "2"], await TakeAsync(newest, 3));
        Assert.Equal(["7", "8", "9"], await TakeAsync(oldest, 3));
        await PublishAsync(client, subject, 4);
        Assert.Equal(["0", "1", "2"], await TakeAsync(newest, 3));
        Assert.Equal(8, newest.DroppedMessages);
        Assert.Equal(4, events.Count);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Bytes_are_bounded_too_but_one_message_always_passes(string kind)
    {
        BusClient client = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();
        await using Subscription subscription = await client.SubscribeAsync(
            subject, new SubscribeOptions { PendingBytesMax = 1000 }, Cancelled);

        await client.PublishAsync(subject, new byte[5000], cancellationToken: Cancelled);
        await PublishAsync(client, subject, 2);
        Assert.Equal(1, subscription.PendingMessages);
        Assert.Equal(2, subscription.DroppedMessages);
        Assert.Equal(5000 + subject.Length, subscription.PendingBytes);

        await TakeAsync(subscription, 1);
        Assert.Equal(0, subscription.PendingBytes);
    }

    private static async Task PublishAsync(BusClient client, string subject, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await client.PublishAsync(subject, Bytes($"{i}"), cancellationToken: Cancelled);
        }

        await client.FlushAsync(Cancelled).InTimeAsync();
    }
}

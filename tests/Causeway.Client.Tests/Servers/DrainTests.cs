using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Servers;

public sealed class DrainTests(SharedServers servers) : ServerTest(servers)
{
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_drained_client_answers_what_it_received_before_it_closes(string kind)
    {
        const int Requests = 2000;
        BusClient responder = await ConnectAsync(kind);
        BusClient client = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();
        Subscription subscription = await responder.SubscribeAsync(subject, cancellationToken: Cancelled);
        await using Subscription replies = await client.SubscribeAsync(subject + ".replies", cancellationToken: Cancelled);
        await responder.FlushAsync(Cancelled);
        for (int i = 0; i < Requests; i++)
        {
            await client.PublishAsync(subject, Bytes($"{i}"), subject + ".replies", cancellationToken: Cancelled);
        }

        await client.FlushAsync(Cancelled);
        Task responding = RespondAsync(subscription, text => text);
        await responder.DrainAsync(Eventually.Deadline, Cancelled);

        await responding.InTimeAsync();
        await Eventually.TrueAsync(() => replies.PendingMessages == Requests);
        Assert.Equal(ConnectionState.Closed, responder.State);
        Assert.Equal(0, responder.Statistics.Subscriptions);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await responder.PublishAsync("a", cancellationToken: Cancelled));
        await responder.DrainAsync(Eventually.Deadline, Cancelled);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_drained_subscription_gives_all_it_received_and_no_more(string kind)
    {
        BusClient client = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();
        Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        for (int i = 0; i < 100; i++)
        {
            await client.PublishAsync(subject, Bytes($"{i}"), cancellationToken: Cancelled);
        }

        Task<List<string>> reading = ReadToEndAsync(subscription);
        await subscription.DrainAsync(Cancelled).InTimeAsync();
        await client.PublishAsync(subject, Bytes("late"), cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), await reading.InTimeAsync());
        Assert.Equal(0, client.Statistics.Subscriptions);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_reader_that_does_not_finish_ends_the_drain_by_its_deadline(string kind)
    {
        BusClient client = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();
        await using Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        await client.PublishAsync(subject, cancellationToken: Cancelled);
        await using IAsyncEnumerator<Message> stuck = subscription.GetAsyncEnumerator(Cancelled);
        await stuck.MoveNextAsync();

        await Assert.ThrowsAsync<TimeoutException>(() => client.DrainAsync(TimeSpan.FromMilliseconds(100), Cancelled));

        Assert.Equal(ConnectionState.Closed, client.State);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_disposed_client_ends_all_that_waits(string kind)
    {
        List<ClientEvent> events = [];
        BusClient client = await ConnectAsync(kind, options => options with { OnEvent = events.Add });
        string subject = SharedServers.NewSubject();
        Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        Task<List<string>> reading = ReadToEndAsync(subscription);
        Task<Message> request = client.RequestAsync(subject, timeout: TimeSpan.FromMinutes(5), cancellationToken: Cancelled);

        await client.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => request.InTimeAsync());
        await reading.InTimeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.FlushAsync(Cancelled));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.SubscribeAsync(subject, cancellationToken: Cancelled));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.RequestAsync(subject, cancellationToken: Cancelled));
        Assert.Equal(new ClientStatistics { MessagesOut = 1 }, client.Statistics with { MessagesIn = 0 });
        Assert.Equal([new ClientEvent.Closed(null)], events);
        await client.DisposeAsync();
    }
}

using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Client.Tests.Servers;

public sealed class RequestTests(SharedServers servers) : ServerTest(servers)
{
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_request_gets_its_reply_with_headers(string kind)
    {
        BusClient client = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();
        await using Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        Task responding = Task.Run(
            async () =>
            {
                await foreach (Message request in subscription.WithCancellation(Cancelled))
                {
                    MessageHeaders headers = new() { { "echo", request.Headers!["id"]! } };
                    await request.ReplyAsync(Bytes(Text(request).ToUpperInvariant()), headers, Cancelled);
                }
            },
            Cancelled);

        Message reply = await client.RequestAsync(subject, Bytes("hi"), new() { { "id", "7" } }, Eventually.Deadline, Cancelled);

        Assert.Equal("HI", Text(reply));
        Assert.Equal("7", reply.Headers?["echo"]);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reply.ReplyAsync(default, cancellationToken: Cancelled));
        await subscription.DisposeAsync();
        await responding.InTimeAsync();
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_request_may_wait_longer_than_a_timer_can(string kind)
    {
        BusClient client = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();
        await using Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        Task responding = RespondAsync(subscription, text => $"re:{text}");

        foreach (TimeSpan patience in new[] { TimeSpan.FromDays(60), Eventually.Deadline })
        {
            Assert.Equal("re:1", Text(await client.RequestAsync(subject, Bytes("1"), timeout: patience, cancellationToken: Cancelled)));
        }

        Assert.Equal(0, client.Statistics.PendingRequests);
        await subscription.DisposeAsync();
        await responding.InTimeAsync();
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_request_that_may_not_be_published_fails_with_the_servers_words_and_no_other_does(string kind)
    {
        const string Configuration = """
            no_auth_user: u
            accounts { A { users = [ { user: u, password: p, permissions: { publish: { deny: "no" } } } ] } }
            """;
        await using TestServer server = await TestServer.StartAsync(kind, Configuration);
        BusClient client = await ConnectToAsync(server.Url);
        await using Subscription silent = await client.SubscribeAsync("yes", cancellationToken: Cancelled);
        Task<Message> other = client.RequestAsync("yes", timeout: Eventually.Deadline * 2, cancellationToken: Cancelled);

        ServerErrorException one = await Assert.ThrowsAsync<ServerErrorException>(
            () => client.RequestAsync("no", timeout: Eventually.Deadline * 2, cancellationToken: Cancelled).InTimeAsync());
        ServerErrorException many = await Assert.ThrowsAsync<ServerErrorException>(
            () => client.RequestManyAsync("no", timeout: Eventually.Deadline * 2, cancellationToken: Cancelled).ToListAsync(Cancelled).AsTask().InTimeAsync());

        Assert.Equal("Permissions Violation for Publish to \"no\"", one.Text);
        Assert.Equal(one.Text, many.Text);
        Assert.False(other.IsCompleted);
        Assert.Equal(1, client.Statistics.PendingRequests);
        Message asked = await silent.FirstAsync(Cancelled).AsTask().InTimeAsync();
        await asked.ReplyAsync(Bytes("1"), cancellationToken: Cancelled);
        Assert.Equal("1", Text(await other.InTimeAsync()));
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Many_requests_at_a_time_get_their_own_replies_and_leave_nothing_behind(string kind)
    {
        BusClient client = await ConnectAsync(kind);
        BusClient responder = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();
        await using Subscription subscription = await responder.SubscribeAsync(subject, cancellationToken: Cancelled);
        await responder.FlushAsync(Cancelled);
        Task responding = RespondAsync(subscription, text => $"re:{text}");

        await Parallel.ForAsync(0, 5000, new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (i, cancelled) =>
        {
            Message reply = await client.RequestAsync(
                subject, Bytes($"{i}"), timeout: Eventually.Deadline, cancellationToken: cancelled);
            Assert.Equal($"re:{i}", Text(reply));
        });

        Assert.Equal(0, client.Statistics.PendingRequests);
        Assert.Equal(1, client.Statistics.Subscriptions);
        await subscription.DisposeAsync();
        await responding.InTimeAsync();
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Where_nobody_responds_the_request_fails_at_once(string kind)
    {
        BusClient client = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();

        NoRespondersException nobody = await Assert.ThrowsAsync<NoRespondersException>(
            () => client.RequestAsync(subject, timeout: TimeSpan.FromMinutes(5), cancellationToken: Cancelled).InTimeAsync());

        Assert.Equal(subject, nobody.Subject);
        await Assert.ThrowsAsync<NoRespondersException>(async () =>
        {
            await foreach (Message reply in client.RequestManyAsync(subject, timeout: TimeSpan.FromMinutes(5), cancellationToken: Cancelled))
            {
            }
        });
        Assert.Equal(0, client.Statistics.PendingRequests);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Without_a_reply_the_request_times_out_or_is_cancelled(string kind)
    {
        BusClient client = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();
        await using Subscription silent = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        using CancellationTokenSource impatience = new();

        TimeoutException timeout = await Assert.ThrowsAsync<TimeoutException>(
            () => client.RequestAsync(subject, timeout: TimeSpan.FromMilliseconds(50), cancellationToken: Cancelled));
        Task<Message> request = client.RequestAsync(subject, timeout: TimeSpan.FromMinutes(5), cancellationToken: impatience.Token);
        await Eventually.TrueAsync(() => silent.PendingMessages == 2);
        Assert.Equal(1, client.Statistics.PendingRequests);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        Assert.Equal($"no reply on '{subject}' within 0.05 s", timeout.Message);
        Assert.Equal(0, client.Statistics.PendingRequests);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_late_reply_is_dropped(string kind)
    {
        BusClient client = await ConnectAsync(kind);
        string subject = SharedServers.NewSubject();
        await using Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        await Assert.ThrowsAsync<TimeoutException>(
            () => client.RequestAsync(subject, timeout: TimeSpan.FromMilliseconds(1), cancellationToken: Cancelled));

        await using IAsyncEnumerator<Message> requests = subscription.GetAsyncEnumerator(Cancelled);
        await requests.MoveNextAsync();
        await requests.Current.ReplyAsync(Bytes("late"), cancellationToken: Cancelled);
        await client.PublishAsync(requests.Current.ReplyTo + "x", cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);

        Assert.Equal(3, client.Statistics.MessagesIn);
        Assert.Equal(ConnectionState.Connected, client.State);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Several_replies_can_be_gathered(string kind)
    {
        FakeTimeProvider time = new();
        BusClient client = await ConnectAsync(kind, options => options with { TimeProvider = time });
        string subject = SharedServers.NewSubject();
        List<Task> responding = [];
        List<Subscription> subscriptions = [];
        for (int i = 0; i < 3; i++)
        {
            string name = $"{i}";
            Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
            subscriptions.Add(subscription);
            responding.Add(RespondAsync(subscription, _ => name));
        }

        Assert.Equal(["0", "1", "2"], await GatherAsync(client, subject, 3, Eventually.Deadline).InTimeAsync());
        long before = client.Statistics.MessagesIn;
        Task<List<string>> gathering = GatherAsync(client, subject, null, TimeSpan.FromMilliseconds(300));

        // Three requests and three replies: the client has all there is, and only time ends it.
        await Eventually.TrueAsync(() => client.Statistics.MessagesIn == before + 6);
        await client.FlushAsync(Cancelled);
        Assert.False(gathering.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(["0", "1", "2"], await gathering.InTimeAsync());
        Assert.Single(await GatherAsync(client, subject, 1, Eventually.Deadline).InTimeAsync());
        Assert.Equal(0, client.Statistics.PendingRequests);

        foreach (Subscription subscription in subscriptions)
        {
            await subscription.DisposeAsync();
        }

        await Task.WhenAll(responding).InTimeAsync();
    }

    private static async Task<List<string>> GatherAsync(BusClient client, string subject, int? repliesMax, TimeSpan timeout)
    {
        List<string> texts = [];
        await foreach (Message reply in client.RequestManyAsync(
            subject, repliesMax: repliesMax, timeout: timeout, cancellationToken: Cancelled))
        {
            texts.Add(Text(reply));
        }

        texts.Sort(StringComparer.Ordinal);
        return texts;
    }
}

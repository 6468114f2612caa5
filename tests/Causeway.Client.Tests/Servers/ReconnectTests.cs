using System.Collections.Concurrent;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Client.Tests.Servers;

public sealed class ReconnectTests(SharedServers servers) : ServerTest(servers)
{
    private static readonly ReconnectOptions Quick = new() { DelayMin = TimeSpan.FromMilliseconds(5), DelayMax = TimeSpan.FromMilliseconds(20) };

    private readonly ConcurrentQueue<ClientEvent> _events = new();

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task After_a_server_crash_the_client_comes_back_with_its_subscriptions_and_what_it_had_not_sent(string kind)
    {
        await using TestServer server = await TestServer.StartAsync(kind);
        BusClient client = await ConnectToAsync(server.Url, Listening);
        await using Subscription plain = await client.SubscribeAsync("a.*", cancellationToken: Cancelled);
        await using Subscription limited = await client.SubscribeAsync("a.b", new() { MessagesMax = 3 }, Cancelled);
        Subscription ended = await client.SubscribeAsync("a.b", cancellationToken: Cancelled);
        await client.PublishAsync("a.b", Bytes("before"), cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);

        await server.StopAsync();
        await Eventually.TrueAsync(() => client.State == ConnectionState.Reconnecting);
        await client.PublishAsync("a.b", Bytes("between"), cancellationToken: Cancelled);
        Task flushed = client.FlushAsync(Cancelled);
        await ended.DisposeAsync();
        await using Subscription added = await client.SubscribeAsync("a.b", cancellationToken: Cancelled);
        Assert.False(flushed.IsCompleted);
        await server.StartAsync();
        await flushed.InTimeAsync();
        await client.PublishAsync("a.b", Bytes("after"), cancellationToken: Cancelled);
        await client.PublishAsync("a.b", Bytes("last"), cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);

        Assert.Equal(["before", "between", "after", "last"], await TakeAsync(plain, 4));
        Assert.Equal(["before", "between", "after"], await ReadToEndAsync(limited));
        Assert.Equal(["after", "last"], (await TakeAsync(added, added.PendingMessages))[^2..]);
        Assert.Equal(0, ended.PendingMessages);
        Assert.Equal(1, client.Statistics.Reconnects);
        Assert.Equal(0, client.Statistics.PendingPings);
        Assert.IsType<ClientEvent.Disconnected>(_events.First());
        Assert.IsType<ClientEvent.Reconnected>(_events.Last());
        Assert.All(_events.Skip(1).SkipLast(1), happened => Assert.IsType<ClientEvent.ReconnectFailed>(happened));
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task The_client_moves_to_another_server_and_requests_go_on(string kind)
    {
        await using TestServer first = await TestServer.StartAsync(kind);
        await using TestServer second = await TestServer.StartAsync(kind);
        BusClient client = await ConnectToAsync(
            first.Url, options => Listening(options) with { Servers = [ServerAddress.Parse(first.Url), ServerAddress.Parse(second.Url)] });
        BusClient responder = await ConnectToAsync(second.Url);
        await using Subscription subscription = await responder.SubscribeAsync("echo", cancellationToken: Cancelled);
        Task responding = RespondAsync(subscription, text => text);
        await responder.FlushAsync(Cancelled);
        await Assert.ThrowsAsync<NoRespondersException>(() => client.RequestAsync("echo", timeout: Eventually.Deadline, cancellationToken: Cancelled));

        await first.StopAsync();
        await Eventually.TrueAsync(() => client.State == ConnectionState.Connected && client.Server == ServerAddress.Parse(second.Url));
        Message reply = await client.RequestAsync("echo", Bytes("x"), timeout: Eventually.Deadline, cancellationToken: Cancelled);

        Assert.Equal("x", Text(reply));
        await subscription.DisposeAsync();
        await responding.InTimeAsync();
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Without_reconnect_a_lost_connection_ends_the_client_and_all_that_waits_says_so(string kind)
    {
        await using TestServer server = await TestServer.StartAsync(kind);
        BusClient client = await ConnectToAsync(server.Url, options => Listening(options) with { Reconnect = null });
        await using Subscription subscription = await client.SubscribeAsync("a", cancellationToken: Cancelled);
        Task reading = ReadToEndAsync(subscription);
        Task request = client.RequestAsync("a", timeout: TimeSpan.FromMinutes(5), cancellationToken: Cancelled);

        await server.StopAsync();

        BusConnectionException loss = await Assert.ThrowsAsync<BusConnectionException>(() => reading.InTimeAsync());
        Assert.Equal($"lost the connection to {server.Url}: the server closed the connection", loss.Message);
        await Assert.ThrowsAsync<BusConnectionException>(() => request.InTimeAsync());
        await Assert.ThrowsAsync<BusConnectionException>(() => client.FlushAsync(Cancelled));
        await Assert.ThrowsAsync<BusConnectionException>(async () => await client.PublishAsync("a", cancellationToken: Cancelled));
        await Assert.ThrowsAsync<BusConnectionException>(async () => await client.SubscribeAsync("a", cancellationToken: Cancelled));
        await Assert.ThrowsAsync<BusConnectionException>(() => client.RequestAsync("a", cancellationToken: Cancelled));
        await Eventually.TrueAsync(() => client.State == ConnectionState.Closed && _events.Count == 2);
        Assert.Equal(new ClientEvent.Closed(loss), _events.Last());
        Assert.Equal(0, client.Statistics.Subscriptions + client.Statistics.PendingRequests + client.Statistics.PendingBytes);
    }

    [Fact]
    public async Task The_client_gives_up_after_the_attempts_it_may_make()
    {
        ScriptedServer server = new();
        Task<BusClient> connecting = ConnectToAsync(
            server.Url, options => Listening(options) with { Reconnect = Quick with { AttemptsMax = 3 } });
        await server.AcceptAndShakeHandsAsync(Cancelled);
        BusClient client = await connecting.InTimeAsync();

        await server.DisposeAsync();

        await Eventually.TrueAsync(() => client.State == ConnectionState.Closed && _events.Last() is ClientEvent.Closed);
        Assert.Equal([1, 2, 3], _events.OfType<ClientEvent.ReconnectFailed>().Select(failed => failed.Attempt));
        Assert.NotNull(((ClientEvent.Closed)_events.Last()).Reason);
    }

    [Fact]
    public async Task Publishing_without_a_connection_waits_when_the_buffer_is_full()
    {
        ScriptedServer server = new();
        Task<BusClient> connecting = ConnectToAsync(server.Url, options => Listening(options) with { OutboundBytesMax = 200 });
        await server.AcceptAndShakeHandsAsync(Cancelled);
        BusClient client = await connecting.InTimeAsync();
        await server.DisposeAsync();
        await Eventually.TrueAsync(() => client.State == ConnectionState.Reconnecting);

        // More than the bound passes alone; then nothing does.
        Assert.True(client.TryPublish("a", new byte[500]));
        Assert.False(client.TryPublish("a", default));
        using CancellationTokenSource impatience = new();
        Task publish = client.PublishAsync("a", cancellationToken: impatience.Token).AsTask();
        Task<Subscription> subscribe = client.SubscribeAsync("a", cancellationToken: impatience.Token).AsTask();
        Task flush = client.FlushAsync(impatience.Token);
        await Assert.ThrowsAsync<TimeoutException>(
            () => client.RequestAsync("a", timeout: TimeSpan.FromMilliseconds(20), cancellationToken: Cancelled));
        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publish.InTimeAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => subscribe.InTimeAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush.InTimeAsync());
        Assert.Equal(0, client.Statistics.PendingRequests);
        Assert.InRange(client.Statistics.PendingBytes, 500, 550);
    }

    [Fact]
    public async Task A_broken_flush_fails_and_later_ones_get_their_own_pong()
    {
        await using ScriptedServer server = new();
        Task<BusClient> connecting = ConnectToAsync(server.Url, Listening);
        ScriptedServer.Connection connection = await server.AcceptAndShakeHandsAsync(Cancelled);
        BusClient client = await connecting.InTimeAsync();
        Task lost = client.FlushAsync(Cancelled);
        await connection.ReadUntilAsync("PING\r\n", Cancelled);
        connection.Close();

        await Assert.ThrowsAsync<BusConnectionException>(() => lost.InTimeAsync());
        Task flush = client.FlushAsync(Cancelled);
        connection = await server.AcceptAndShakeHandsAsync(Cancelled);
        await connection.ReadUntilAsync("PING\r\n", Cancelled);
        Assert.False(flush.IsCompleted);
        await connection.SendAsync("PONG\r\n");
        await flush.InTimeAsync();
    }

    [Fact]
    public async Task The_servers_last_words_are_the_reason_of_the_loss()
    {
        await using ScriptedServer server = new();
        Task<BusClient> connecting = ConnectToAsync(server.Url, Listening);
        ScriptedServer.Connection connection = await server.AcceptAndShakeHandsAsync(Cancelled);
        await connecting.InTimeAsync();

        await connection.SendAsync("-ERR 'Stale Connection'\r\n");
        connection.Close();
        await Eventually.TrueAsync(() => _events.Count >= 2);

        Assert.Equal(new ClientEvent.ServerError("Stale Connection"), _events.First());
        Assert.Equal(
            $"lost the connection to {server.Url}: the server says: Stale Connection",
            ((ClientEvent.Disconnected)_events.ElementAt(1)).Reason.Message);
    }

    [Theory]
    [InlineData("MSG a 1 3\r\nabcd\r\n")]
    [InlineData("INFO x\r\n")]
    [InlineData("WHAT\r\n")]
    public async Task A_server_that_breaks_the_protocol_is_left(string says)
    {
        await using ScriptedServer server = new();
        Task<BusClient> connecting = ConnectToAsync(server.Url, Listening);
        ScriptedServer.Connection connection = await server.AcceptAndShakeHandsAsync(Cancelled);
        BusClient client = await connecting.InTimeAsync();

        await connection.SendAsync(says);
        await server.AcceptAndShakeHandsAsync(Cancelled);

        await Eventually.TrueAsync(() => client.Statistics.Reconnects == 1);
    }

    [Fact]
    public async Task A_silent_server_is_left_after_unanswered_pings_by_the_clients_clock()
    {
        FakeTimeProvider time = new();
        await using ScriptedServer server = new();
        Task<BusClient> connecting = ConnectToAsync(server.Url, options => Listening(options) with { TimeProvider = time });
        ScriptedServer.Connection connection = await server.AcceptAndShakeHandsAsync(Cancelled);
        BusClient client = await connecting.InTimeAsync();

        // A ping that is answered, and one with other bytes in return.
        await AdvanceUntilAsync(time, client, connection.ReadUntilAsync("PING\r\n", Cancelled));
        await connection.SendAsync("PONG\r\n");
        await Eventually.TrueAsync(() => client.Statistics.PendingPings == 0);
        await AdvanceUntilAsync(time, client, connection.ReadUntilAsync("PING\r\n", Cancelled));
        Assert.Empty(_events);

        // From here on the server is silent: two intervals later it is left.
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(20));
            return !_events.IsEmpty;
        });
        BusException reason = Assert.IsType<ClientEvent.Disconnected>(_events.First()).Reason;
        Assert.Equal($"lost the connection to {server.Url}: the server does not answer", reason.Message);
    }

    [Fact]
    public async Task Lame_duck_mode_is_told_and_addresses_from_the_server_are_used()
    {
        await using ScriptedServer server = new();
        await using ScriptedServer other = new();
        Task<BusClient> connecting = ConnectToAsync(server.Url, Listening);
        ScriptedServer.Connection connection = await server.AcceptAndShakeHandsAsync(Cancelled);
        BusClient client = await connecting.InTimeAsync();

        string address = other.Url["nats://".Length..];
        await connection.SendAsync($"INFO {{\"ldm\":true,\"headers\":true,\"connect_urls\":[\"{address}\",\"not an address\"]}}\r\n");
        await Eventually.TrueAsync(() => client.ServerInfo.LameDuck);
        await connection.SendAsync("INFO {\"ldm\":true}\r\n");
        connection.Close();
        await other.AcceptAndShakeHandsAsync(Cancelled);
        await Eventually.TrueAsync(() => client.State == ConnectionState.Connected);

        Assert.Equal(new ClientEvent.LameDuck(ServerAddress.Parse(server.Url)), _events.First());
        Assert.Single(_events.OfType<ClientEvent.LameDuck>());
        Assert.Equal(ServerAddress.Parse(other.Url), client.Server);
    }

    [Fact]
    public async Task A_listener_that_throws_does_no_harm()
    {
        await using ScriptedServer server = new();
        Task<BusClient> connecting = ConnectToAsync(
            server.Url, options => options with { Reconnect = Quick, OnEvent = _ => throw new InvalidOperationException() });
        ScriptedServer.Connection connection = await server.AcceptAndShakeHandsAsync(Cancelled);
        BusClient client = await connecting.InTimeAsync();

        connection.Close();
        await server.AcceptAndShakeHandsAsync(Cancelled);

        await Eventually.TrueAsync(() => client.State == ConnectionState.Connected && client.Statistics.Reconnects == 1);
    }

    /// <summary>Lets time go on until the client asks, and not while that is on its way, which would count against the server.</summary>
    private static async Task AdvanceUntilAsync(FakeTimeProvider time, BusClient client, Task task)
    {
        await Eventually.TrueAsync(() =>
        {
            if (!task.IsCompleted && client.Statistics.PendingPings == 0)
            {
                time.Advance(TimeSpan.FromSeconds(1));
            }

            return task.IsCompleted;
        });
        await task;
    }

    private BusClientOptions Listening(BusClientOptions options) => options with { Reconnect = Quick, OnEvent = _events.Enqueue };
}

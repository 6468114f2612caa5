using Causeway.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Client.Tests.Delivery;

/// <summary>How long requests wait, on a clock that the test moves; no server is there.</summary>
public sealed class RequestTimeTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly BusClient _client;

    public RequestTimeTests() => _client = BusClient.Start(new BusClientOptions { Servers = [ServerAddress.Parse("nats://127.0.0.1:1")], TimeProvider = _time });

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Fact]
    public async Task Each_request_fails_when_its_own_time_is_up()
    {
        int[] seconds = [3, 1, 2, 1];
        Task<Message>[] requests = [.. seconds.Select(time => _client.RequestAsync($"in.{time}", timeout: TimeSpan.FromSeconds(time), cancellationToken: CancellationToken.None))];
        Task<Message> forever = _client.RequestAsync("in.vain", timeout: Timeout.InfiniteTimeSpan, cancellationToken: CancellationToken.None);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.All(requests, request => Assert.False(request.IsCompleted));
        for (int now = 1; now <= 3; now++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(now == 1 ? 1 : 1000));
            await Eventually.TrueAsync(() => requests.Count(request => request.IsCompleted) >= seconds.Count(time => time <= now));
            Assert.Equal(seconds.Select(time => time <= now), requests.Select(request => request.IsCompleted));
            Assert.Equal(seconds.Count(time => time > now) + 1, _client.Statistics.PendingRequests);
        }

        TimeoutException late = await Assert.ThrowsAsync<TimeoutException>(() => requests[2]);
        Assert.Equal("no reply on 'in.2' within 2 s", late.Message);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(forever.IsCompleted);
        await _client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => forever);
        Assert.Equal(0, _client.Statistics.PendingRequests);
    }

    [Fact]
    public async Task A_request_can_be_cancelled_and_leaves_nothing_behind()
    {
        using CancellationTokenSource cancel = new();
        Task<Message> request = _client.RequestAsync("in.vain", cancellationToken: cancel.Token);
        Assert.Equal(1, _client.Statistics.PendingRequests);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.Equal(0, _client.Statistics.PendingRequests);
    }

    [Theory]
    [InlineData("a b", 1.0, typeof(ArgumentException))]
    [InlineData("a", -2.0, typeof(ArgumentOutOfRangeException))]
    public async Task What_is_wrong_with_a_request_is_told_by_its_task(string subject, double seconds, Type expected)
    {
        Task<Message> request = _client.RequestAsync(subject, timeout: TimeSpan.FromSeconds(seconds), cancellationToken: CancellationToken.None);
        Assert.True(request.IsFaulted);
        Assert.IsType(expected, request.Exception!.InnerException);
        Assert.Equal(0, _client.Statistics.PendingRequests);
        await Assert.ThrowsAsync(expected, () => request);
    }
}

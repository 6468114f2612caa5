using System.Collections.Concurrent;
using Causeway.Director.Admission;
using Causeway.Director.Store;
using Causeway.Director.Tests.Admission;
using Causeway.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Causeway.Director.Tests.Store;

public sealed class RedisStoreTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_directors_share_documents_grants_and_presence()
    {
        await using RedisServer redis = new();
        await redis.StartAsync();
        await using IDirectorStore one = await OpenAsync(redis, "d1");
        await using IDirectorStore two = await OpenAsync(redis, "d2");

        Assert.True(await one.TryWriteAsync("k", 0, "a"u8.ToArray(), Cancelled));
        Assert.False(await two.TryWriteAsync("k", 0, "b"u8.ToArray(), Cancelled));
        Assert.True(await two.TryWriteAsync("k", 1, "b"u8.ToArray(), Cancelled));
        StoreDocument document = (await one.ReadAsync("k", Cancelled))!;
        Assert.Equal(("b", 2), (System.Text.Encoding.UTF8.GetString(document.Body.Span), document.Version));
        Assert.Null(await one.ReadAsync("none", Cancelled));
        Assert.Equal(["d1", "d2"], (await BeatAsync(one, "d1")).Select(director => director.Name).Order());

        // 40 places, asked for 200 times by two directors at once.
        GrantRequest request = GrantBookTests.Request(0, 40, 100_000) with { Burst = 100_000, Directors = 2 };
        GrantAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(client =>
            (client % 2 == 0 ? one : two).TakeAsync(request with { Client = GrantBookTests.Name(client) }, Cancelled).AsTask()));
        Assert.InRange(answers.Count(answer => answer.Result == GrantResult.Granted), 1, 40);
        Assert.All(answers.Where(answer => answer.Result != GrantResult.Granted), answer => Assert.True(answer.Wait > TimeSpan.Zero));
    }

    [Fact]
    public async Task The_script_decides_as_the_book_does()
    {
        await using RedisServer redis = new();
        await redis.StartAsync();
        await using RedisBackend backend = RedisBackend.Open(redis.Url, "test", Eventually.Deadline);
        GrantBook book = new();
        GrantRequest slow = GrantBookTests.Request(0, 3, 0.01) with { Burst = 2, MaxWait = TimeSpan.FromSeconds(250) };
        foreach (int client in (int[])[1, 2, 3, 3, 1, 4, 5, 6, 5, 7])
        {
            GrantRequest request = slow with { Client = GrantBookTests.Name(client) };
            GrantAnswer expected = book.Take(request, TimeSpan.Zero);
            GrantAnswer actual = await backend.TakeAsync(request, Cancelled);
            Assert.Equal((client, expected.Result, expected.Outstanding), (client, actual.Result, actual.Outstanding));
            Assert.InRange(actual.Wait.TotalSeconds, expected.Wait.TotalSeconds - 20, expected.Wait.TotalSeconds + 1);
        }

        await backend.SettleAsync("r", "c1", Cancelled);
        Assert.Equal(GrantResult.Full, (await backend.TakeAsync(slow with { Room = 2, Client = "new" }, Cancelled)).Result);
    }

    [Fact]
    public async Task While_redis_is_away_a_director_goes_on_from_memory_and_nothing_is_lost()
    {
        await using RedisServer redis = new();
        await redis.StartAsync();
        await using IDirectorStore one = await OpenAsync(redis, "d1");
        Assert.True(await one.TryWriteAsync("before", 0, "1"u8.ToArray(), Cancelled));

        await redis.StopAsync();
        await Eventually.TrueAsync(() => !Beat(one).State.IsWell);
        Assert.NotEmpty(one.State.Problem);
        Assert.Equal(1, (await one.ReadAsync("before", Cancelled))!.Version);
        Assert.True(await one.TryWriteAsync("before", 1, "2"u8.ToArray(), Cancelled));
        Assert.True(await one.TryWriteAsync("during", 0, "3"u8.ToArray(), Cancelled));
        GrantRequest request = GrantBookTests.Request(0, 10, 1000) with { Burst = 1000, Directors = 2 };
        int granted = 0;
        for (int client = 0; client < 20; client++)
        {
            granted += (await one.TakeAsync(request with { Client = GrantBookTests.Name(client) }, Cancelled)).Result == GrantResult.Granted ? 1 : 0;
        }

        Assert.Equal(5, granted);

        await redis.StartAsync();
        await Eventually.TrueAsync(() => Beat(one).State.IsWell);
        await using IDirectorStore two = await OpenAsync(redis, "d2");
        Assert.Equal(2, (await two.ReadAsync("before", Cancelled))!.Version);
        Assert.Equal(1, (await two.ReadAsync("during", Cancelled))!.Version);
    }

    [Fact]
    public async Task A_store_that_was_never_reached_is_told_of_with_the_reason()
    {
        LogLines log = new();
        await using IDirectorStore store = DirectorStores.Open("redis://127.0.0.1:1", "test", TimeProvider.System, log);
        await Eventually.TrueAsync(() => Beat(store).State.Problem == "no connection to the store's server");
        Beat(store);

        // On a busy machine the first try may be given up before it fails.
        string[] reasons = ["no connection to the store's server", "no answer of the store's server within 1 s"];
        Assert.Contains(Assert.Single(log.Lines), reasons.Select(reason => $"The store can't be reached, the director goes on from its memory: {reason}"));
    }

    private static async Task<IDirectorStore> OpenAsync(RedisServer redis, string name)
    {
        // A busy machine is no store that is away.
        FallbackStore store = new(RedisBackend.Open(redis.Url, "test", Eventually.Deadline), TimeProvider.System, NullLogger.Instance);
        await Eventually.TrueAsync(() => Beat(store, name).State.IsWell);
        return store;
    }

    private static IDirectorStore Beat(IDirectorStore store, string name = "d1")
    {
        BeatAsync(store, name).AsTask().GetAwaiter().GetResult();
        return store;
    }

    private static ValueTask<IReadOnlyList<DirectorPresence>> BeatAsync(IDirectorStore store, string name) =>
        store.BeatAsync(new DirectorPresence(name, "http://" + name, DateTimeOffset.UtcNow, []), CancellationToken.None);

    private sealed class LogLines : ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue(formatter(state, exception));
    }
}

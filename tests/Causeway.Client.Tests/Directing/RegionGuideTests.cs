using Causeway.Client.Directing;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Client.Tests.Directing;

/// <summary>Finding a place and keeping it by what directors say, on a clock that the test moves.</summary>
public sealed class RegionGuideTests : IDisposable
{
    private const string East = "east=nats://10.0.0.1:4222 nats://10.0.0.2:4222";
    private const string West = "west=nats://10.1.0.1:4222";

    private static readonly ServerAddress EastServer = ServerAddress.Parse("nats://10.0.0.1:4222");
    private static readonly ServerAddress WestServer = ServerAddress.Parse("nats://10.1.0.1:4222");

    private readonly WatchedTime _time = new();
    private readonly FakeDirectors _directors = new();
    private RegionGuide _guide;

    public RegionGuideTests() => _guide = Guide();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _guide.Dispose();
        _directors.Dispose();
    }

    [Fact]
    public async Task A_client_waits_as_long_as_it_is_told_and_then_asks_again()
    {
        _directors.SayInTurn("d1", FakeDirectors.Advice("wait", "", 5000), FakeDirectors.Advice("wait", "west", 800), FakeDirectors.Advice("connect", "west", 0, 9000, West, East));
        Task<IReadOnlyList<ServerAddress>?> place = _guide.PlaceAsync(Cancelled);
        await _time.WaitedForAsync(5000, 5500);
        _time.Advance(TimeSpan.FromMilliseconds(4999));
        Assert.Single(_directors.Asked);
        _time.Advance(TimeSpan.FromMilliseconds(501));
        await AskedAsync(2);
        await _time.WaitedForAsync(800, 880);
        _time.Advance(TimeSpan.FromMilliseconds(880));
        Assert.Equal([WestServer], await place.InTimeAsync());
        Assert.Equal("west", _guide.Region);
        Assert.InRange(_guide.PollAfter.TotalMilliseconds, 9000, 9900);
    }

    /// <summary>What is measured counts for minutes: it must not be of half the regions.</summary>
    [Fact]
    public async Task Nothing_is_measured_while_the_director_does_not_know_all_regions()
    {
        const string Nobody = "nats://127.0.0.1:1";
        const string Near = "east=" + Nobody;
        const string Far = "west=" + Nobody;
        _guide.Dispose();
        _guide = Guide(options => options with { RoundTrips = null });
        _directors.SayInTurn("d1", FakeDirectors.Advice("wait", "", 2000, 0, Near), FakeDirectors.Advice("none", "", 0, 1000, Near, Far), FakeDirectors.Advice("connect", "west", 0, 9000, Far));
        Task<IReadOnlyList<ServerAddress>?> place = _guide.PlaceAsync(Cancelled);
        await _time.WaitedForAsync(2000, 2200);
        _time.Advance(TimeSpan.FromMilliseconds(2300));
        Assert.Equal([ServerAddress.Parse(Nobody)], await place.InTimeAsync());
        Assert.Equal([true, true, false], _directors.Asked.Select(asked => asked.Contains("peek=true", StringComparison.Ordinal)));
    }

    /// <summary>All are told the same; they must not come together, and none sooner than told.</summary>
    [Fact]
    public async Task Those_who_were_told_the_same_come_apart()
    {
        List<double> waits = [];
        for (int seed = 0; seed < 100; seed++)
        {
            using RegionGuide guide = Guide(seed: seed);
            _directors.Say("d1", FakeDirectors.Advice("stay", "east", 0, 10_000, East));
            await guide.PollAsync(EastServer, Cancelled);
            waits.Add(guide.PollAfter.TotalMilliseconds);
        }

        Assert.All(waits, wait => Assert.InRange(wait, 10_000, 11_000));
        Assert.InRange(waits.Select(wait => (int)(wait / 100)).Distinct().Count(), 8, 11);
    }

    [Theory]
    [InlineData("wait", "", 0)]
    [InlineData("connect", "north", 0)]
    [InlineData("connect", "", 0)]
    [InlineData("connect", "east", -5)]
    public async Task An_answer_that_gives_neither_a_place_nor_a_time_is_no_reason_to_ask_without_end(string decision, string region, int retryMs)
    {
        _directors.Say("d1", FakeDirectors.Advice(decision, region, retryMs, 0, "east="));
        Task place = _guide.PlaceAsync(Cancelled);
        await _time.WaitedForAsync(5000, 5500);
        for (int second = 0; second < 4; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Single(_directors.Asked);
        _time.Advance(TimeSpan.FromSeconds(2));
        await AskedAsync(2);
        Assert.False(place.IsCompleted);
    }

    /// <summary>A client that gives up within its patience begins anew at its next attempt, but not sooner than it was told.</summary>
    [Fact]
    public async Task Patience_that_is_shorter_than_the_wait_does_not_make_it_ask_sooner()
    {
        _guide.Dispose();
        _guide = Guide(options => options with { AdmissionTimeout = TimeSpan.FromSeconds(1) });
        _directors.Say("d1", FakeDirectors.Advice("wait", "", 5000));
        BusConnectionException refused = await Assert.ThrowsAsync<BusConnectionException>(() => _guide.PlaceAsync(Cancelled).InTimeAsync());
        Assert.Equal("no region takes this client within 1 s: because", refused.Message);
        Task<IReadOnlyList<ServerAddress>?> again = _guide.PlaceAsync(Cancelled);
        await _time.WaitedForAsync(5000, 5500);
        _time.Advance(TimeSpan.FromMilliseconds(4900));
        Assert.Single(_directors.Asked);
        _directors.Say("d1", FakeDirectors.Advice("connect", "east", 0, 1000, East));
        _time.Advance(TimeSpan.FromMilliseconds(700));
        Assert.Equal(2, (await again.InTimeAsync())!.Count);
    }

    [Fact]
    public async Task Without_a_director_there_is_no_place_and_no_region()
    {
        _directors.Say("d1", FakeDirectors.Advice("connect", "east", 0, 1000, East));
        await _guide.PlaceAsync(Cancelled);
        Assert.Equal("east", _guide.Region);
        _directors.Kill("d1");
        Assert.Null(await _guide.PlaceAsync(Cancelled));
        Assert.Equal("", _guide.Region);
        Assert.InRange(_guide.PollAfter.TotalSeconds, 5, 5.5);

        // It found a server by itself; which region that is in a director says, and nothing moves.
        _directors.Say("d1", FakeDirectors.Advice("connect", "east", 0, 1000, East));
        Assert.Null(await _guide.PollAsync(EastServer, Cancelled));
        Assert.Equal("east", _guide.Region);
    }

    [Fact]
    public async Task It_moves_when_it_is_told_another_region_with_servers_and_stays_else()
    {
        _directors.Say("d1", FakeDirectors.Advice("connect", "east", 0, 1000, East));
        await _guide.PlaceAsync(Cancelled);
        _directors.Say("d1", FakeDirectors.Advice("move", "west", 0, 1000, East));
        Assert.Null(await _guide.PollAsync(EastServer, Cancelled));
        Assert.Equal("east", _guide.Region);
        _directors.Say("d1", FakeDirectors.Advice("move", "west", 0, 1000, East, West));
        Assert.Equal([WestServer], await _guide.PollAsync(EastServer, Cancelled));
        Assert.Equal("west", _guide.Region);
        Assert.Contains("current=east", _directors.Asked.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Regions_may_come_and_go_between_two_answers()
    {
        _directors.Say("d1", FakeDirectors.Advice("connect", "east", 0, 1000, East, West));
        await _guide.PlaceAsync(Cancelled);
        _directors.Say("d1", FakeDirectors.Advice("stay", "east", 0, 1000));
        Assert.Null(await _guide.PollAsync(EastServer, Cancelled));
        _directors.Say("d1", FakeDirectors.Advice("connect", "south", 0, 1000, "south=nats://10.2.0.1:4222"));
        Assert.Equal(["10.2.0.1"], (await _guide.PollAsync(EastServer, Cancelled))!.Select(server => server.Host));
        Assert.Equal("south", _guide.Region);
    }

    [Fact]
    public async Task A_director_that_tells_a_client_to_be_silent_for_days_is_asked_after_minutes()
    {
        _directors.Say("d1", FakeDirectors.Advice("stay", "east", 0, int.MaxValue, East));
        await _guide.PollAsync(EastServer, Cancelled);
        Assert.InRange(_guide.PollAfter, ClientLimits.PollIntervalMax, 1.1 * ClientLimits.PollIntervalMax);
    }

    private Task AskedAsync(int times) => Eventually.TrueAsync(() => _directors.Asked.Count == times);

    private RegionGuide Guide(Func<FollowOptions, FollowOptions>? change = null, int seed = 1)
    {
        FollowOptions options = new() { Directors = [FakeDirectors.Url("d1")], Handler = _directors, ClientId = "c", RoundTrips = new Dictionary<string, TimeSpan>() };
        return new RegionGuide(change is null ? options : change(options), _time, new Random(seed));
    }
}

using System.Net;
using System.Text;
using Causeway.Client.Directing;
using Causeway.Tests.Support;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Client.Tests.Directing;

/// <summary>Asking several directors of which some hang, break off, talk nonsense or are dead.</summary>
public sealed class DirectorLineTests : IDisposable
{
    private static readonly Dictionary<string, double> NoRoundTrips = [];
    private static readonly string Good = FakeDirectors.Advice("connect", "east", 0, 10_000, "east=nats://10.0.0.1:4222");

    private readonly FakeTimeProvider _time = new();
    private readonly FakeDirectors _directors = new();
    private readonly DirectorLine _line;

    public DirectorLineTests() => _line = new DirectorLine(
        new FollowOptions { Directors = [FakeDirectors.Url("d1"), FakeDirectors.Url("d2"), FakeDirectors.Url("d3")], Handler = _directors }, _time);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Nonsense =>
    [
        "", "null", "[]", "{}", "1", "\"connect\"", "{\"decision\":null}", "{\"decision\":7}", "{\"decision\":\"connect\"", "<html>busy</html>", "{\"decision\":\"wait\",\"retry_after_ms\":1e12}",
        "{\"decision\":\"wait\",\"retry_after_ms\":\"soon\"}", "{\"decision\":\"connect\",\"regions\":{}}", new string('[', 10_000),
    ];

    public void Dispose()
    {
        _line.Dispose();
        _directors.Dispose();
    }

    [Fact]
    public async Task The_one_that_answered_is_asked_first_from_then_on()
    {
        _directors.Say("d2", Good);
        Assert.Equal("east", (await AskAsync())!.Region);
        Assert.Equal("east", (await AskAsync())!.Region);
        Assert.Equal((1, 2, 0), (_directors.AskedOf("d1"), _directors.AskedOf("d2"), _directors.AskedOf("d3")));
        _directors.Kill("d2");
        _directors.Say("d3", Good);
        _directors.Say("d1", Good);
        Assert.NotNull(await AskAsync());
        Assert.Equal((1, 3, 1), (_directors.AskedOf("d1"), _directors.AskedOf("d2"), _directors.AskedOf("d3")));
    }

    [Fact]
    public async Task One_that_hangs_costs_its_time_and_no_more()
    {
        _directors.Hang("d1");
        _directors.BreakOff("d2");
        _directors.Say("d3", Good);
        Task<RegionAdvice?> asked = AskAsync();
        Assert.False(asked.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("east", (await asked.InTimeAsync())!.Region);
        Assert.Equal(3, _directors.Asked.Count);
    }

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task Nonsense_is_no_answer_and_the_next_is_asked(string body)
    {
        _directors.Say("d1", body);
        _directors.Say("d2", Good);
        Assert.Equal("east", (await AskAsync())!.Region);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.Redirect)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task Neither_is_a_status_that_says_nothing_of_regions(HttpStatusCode status)
    {
        _directors.Say("d1", Good, status);
        Assert.Null(await AskAsync());
        Assert.Equal(3, _directors.Asked.Count);
    }

    [Fact]
    public async Task A_wait_comes_with_503()
    {
        _directors.Say("d1", FakeDirectors.Advice("wait", "", 5200), HttpStatusCode.ServiceUnavailable);
        Assert.Equal(("wait", 5200), ((await AskAsync())!.Decision, (await AskAsync())!.RetryAfterMs));
        Assert.Equal(2, _directors.Asked.Count);
    }

    [Fact]
    public async Task An_answer_larger_than_the_limit_is_not_read()
    {
        _directors.Say("d1", Good + new string(' ', ClientLimits.AdviceBytesMax));
        _directors.Say("d2", Good);
        Assert.NotNull(await AskAsync());
        Assert.Equal(2, _directors.Asked.Count);
    }

    [Fact]
    public async Task Who_cancels_gets_no_answer_and_nobody_else_is_asked()
    {
        _directors.Hang("d1");
        using CancellationTokenSource cancel = new();
        Task<RegionAdvice?> asked = _line.AskAsync("c", "", false, NoRoundTrips, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked.InTimeAsync());
        Assert.Single(_directors.Asked);
    }

    [Fact]
    public async Task What_is_asked_says_who_where_and_how_far()
    {
        _directors.Say("d1", Good);
        await _line.AskAsync("me & you", "us east", true, new Dictionary<string, double> { ["a/b"] = 1.23456, ["west"] = 80 }, Cancelled);
        Assert.Equal("d1/regions?client=me%20%26%20you&current=us%20east&peek=true&rtt.a%2Fb=1.235&rtt.west=80", Assert.Single(_directors.Asked));
    }

    /// <summary>Whatever a director sends, the servers of a region can be asked for and round trips be measured without a fault.</summary>
    [Fact]
    public async Task An_answer_that_was_garbled_is_none_or_one_that_can_be_used()
    {
        string[] pieces = ["null", "", "[]", "{}", "\"\"", "1", "\\", "nats://", ","];
        string whole = FakeDirectors.Advice("connect", "east", 1, 2, "east=nats://127.0.0.1:1 127.0.0.1:2", "west=nats://127.0.0.1:3");
        await Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 40], Gen.Int[0, pieces.Length - 1]).SampleAsync(async (at, length, piece) =>
        {
            string body = whole[..at] + pieces[piece] + whole[Math.Min(whole.Length, at + length)..];
            _directors.Say("d1", body);
            if (await AskAsync() is { } advice)
            {
                Assert.InRange(advice.Servers(advice.Region).Count, 0, 2);
                Assert.InRange(advice.Usable.Sum(region => advice.Servers(region.Name).Count), 0, 6);
            }
        }, iter: 2000, threads: 1);
    }

    [Fact]
    public void Regions_and_servers_that_are_none_are_left_out()
    {
        RegionAdvice advice = System.Text.Json.JsonSerializer.Deserialize(
            Encoding.UTF8.GetBytes($$"""{"decision":"connect","region":"east","regions":[null,{"name":null},{"name":"{{new string('x', 129)}}"},{"name":"east","urls":[null,"","http://a","nats://a:0","nats://a:1"]},{"name":"west"}]}"""),
            AdviceJson.Default.RegionAdvice)!;
        Assert.Equal(["east", "west"], advice.Usable.Select(region => region.Name));
        Assert.Equal([new ServerAddress("a", 1)], advice.Servers("east"));
        Assert.Empty(advice.Servers("west"));
        Assert.Empty(advice.Servers(null));
    }

    private Task<RegionAdvice?> AskAsync() => _line.AskAsync("c", "", false, NoRoundTrips, Cancelled);
}

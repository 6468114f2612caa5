using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Causeway.Client;
using Causeway.Director.Admission;
using Causeway.Director.Http;
using Causeway.Director.Registry;
using Causeway.Director.Store;
using Causeway.Director.Tests.Registry;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Director.Tests.Following;

/// <summary>
/// Real clients, a real director and real servers on a clock that goes five times as fast and only as long as nodes report, so that none is lost because
/// the machine is busy; only the reports are made up. A region dies and recovers, and its clients come home gently; or no region has room, and they wait.
/// </summary>
public sealed class ReturnHomeTests : IAsyncLifetime
{
    private const int Clients = 24;
    private const double RatePerSecond = 8;
    private const double ReturnPerSecond = RatePerSecond * AdmissionLimits.ReturnShare;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Deadline = 3 * Eventually.Deadline;

    private readonly FakeTimeProvider _time = new(Reports.Start);
    private readonly ConcurrentQueue<(int Client, TimeSpan At, string Region)> _moves = [];
    private readonly ConcurrentDictionary<string, double> _headrooms = new() { ["east"] = 0.8, ["west"] = 0.8 };
    private readonly CancellationTokenSource _stop = new();
    private readonly List<BusClient> _clients = [];
    private TestServer _east = null!;
    private TestServer _west = null!;
    private DirectorServer _director = null!;
    private Task _reporting = Task.CompletedTask;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private TimeSpan Now => _time.GetUtcNow() - Reports.Start;

    public async ValueTask InitializeAsync()
    {
        _east = await TestServer.StartAsync(ServerKinds.Causeway);
        _west = await TestServer.StartAsync(ServerKinds.Causeway);
        _director = await DirectorServer.StartAsync(
            new DirectorOptions
            {
                Name = "d1",
                Listen = new IPEndPoint(IPAddress.Loopback, 0),
                Servers = [Of("west")],
                Key = Reports.Key,
                RatePerSecond = RatePerSecond,
                RequestsPerSecond = 10_000,
                Time = _time,
            },
            new MemoryStore(_time),
            NullLogger.Instance);
        _reporting = ReportAsync();
        await Eventually.TrueAsync(() => !_director.Registry.Snapshot.IsBeginning && _director.Registry.Current.Regions.Count(region => region.Health == RegionHealth.Healthy) == 2);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (BusClient client in _clients)
        {
            await client.DisposeAsync();
        }

        await _stop.CancelAsync();
        await _reporting;
        await _director.DisposeAsync();
        await _east.DisposeAsync();
        await _west.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task When_their_region_has_recovered_clients_come_home_at_a_bounded_rate()
    {
        _clients.AddRange(await Task.WhenAll(Enumerable.Range(0, Clients).Select(ConnectAsync)));
        Assert.All(_clients, client => Assert.Equal(("east", Of("east")), (client.Region, client.Server)));

        _headrooms.TryRemove("east", out _);
        await _east.StopAsync();
        await Eventually.TrueAsync(() => _clients.TrueForAll(client => client.State == ConnectionState.Connected && client.Server == Of("west")), Deadline);
        Assert.All(_clients, client => Assert.Equal("west", client.Region));
        Assert.Empty(_moves);

        await _east.StartAsync();
        TimeSpan recovered = Now;
        _headrooms["east"] = 0.8;
        await Eventually.TrueAsync(() => _clients.TrueForAll(client => client.State == ConnectionState.Connected && client.Server == Of("east")), Deadline);

        Assert.All(_clients, client => Assert.Equal("east", client.Region));
        TimeSpan[] homeward = [.. _moves.Where(move => move.Region == "east").Select(move => move.At).Order()];
        Assert.True(homeward[0] - recovered >= AdmissionLimits.ReturnAfter, $"the first came home {homeward[0] - recovered} after its region had recovered");

        // Nobody is slower than the machine, but never faster than the rate: the first few at once, and then one after the other.
        double least = (homeward.Length - 1 - Math.Max(1, ReturnPerSecond)) / ReturnPerSecond;
        Assert.InRange((homeward[^1] - homeward[0]).TotalSeconds, 0.8 * least, 1000);
        Assert.Equal(Clients, _moves.Select(move => move.Client).Distinct().Count());
    }

    [Fact]
    public async Task Where_no_region_has_room_a_client_is_told_when_to_come_again_and_does()
    {
        _headrooms["east"] = 0;
        _headrooms["west"] = 0;
        await Eventually.TrueAsync(() => _director.Registry.Current.Regions.All(region => region.Room == 0));
        TimeSpan began = Now;
        Task<BusClient> connecting = ConnectAsync(0);
        await Eventually.TrueAsync(() => _director.Admitter.Count(Advice.Wait) >= 2, Deadline);
        Assert.False(connecting.IsCompleted);
        long asked = _director.Admitter.Count(Advice.Wait);
        Assert.InRange((Now - began).TotalSeconds, (asked - 1) * AdmissionLimits.FullWait.TotalSeconds, 1000);

        int[] waits = await Task.WhenAll(Enumerable.Range(0, 60).Select(WaitOfAsync));
        int least = (int)AdmissionLimits.FullWait.TotalMilliseconds;
        Assert.All(waits, wait => Assert.InRange(wait, least, least * (1 + AdmissionLimits.JitterShare)));
        Assert.InRange(waits.Distinct().Count(), 40, 60);

        _headrooms["west"] = 0.5;
        _clients.Add(await connecting.InTimeAsync());
        Assert.Equal(("west", Of("west")), (_clients[0].Region, _clients[0].Server));
    }

    private ServerAddress Of(string region) => ServerAddress.Parse(region == "east" ? _east.Url : _west.Url);

    private Task<BusClient> ConnectAsync(int number) => BusClient.ConnectAsync(
        new BusClientOptions
        {
            Servers = [Of("west")],
            TimeProvider = _time,
            ConnectTimeout = TimeSpan.FromMinutes(1),
            Director = new FollowOptions
            {
                Directors = [new Uri(_director.Address.GetLeftPart(UriPartial.Authority))],
                ClientId = $"c{number}",
                AnswerTimeout = TimeSpan.FromMinutes(1),
                RoundTrips = new Dictionary<string, TimeSpan> { ["east"] = TimeSpan.FromMilliseconds(2), ["west"] = TimeSpan.FromMilliseconds(60) },
            },
            OnEvent = happened =>
            {
                if (happened is ClientEvent.Moving moving)
                {
                    _moves.Enqueue((number, Now, moving.Region));
                }
            },
            Reconnect = new ReconnectOptions { DelayMin = TimeSpan.FromMilliseconds(50), DelayMax = TimeSpan.FromSeconds(1) },
        },
        Cancelled);

    private async Task<int> WaitOfAsync(int number)
    {
        using HttpClient http = new();
        using HttpResponseMessage response = await http.GetAsync(new Uri(_director.Address, $"/regions?client=other{number}"), Cancelled);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "wait", "no region has room"), (response.StatusCode, answer.RootElement.GetProperty("decision").GetString(), answer.RootElement.GetProperty("reason").GetString()));
        int wait = answer.RootElement.GetProperty("retry_after_ms").GetInt32();
        Assert.Equal(Math.Ceiling(wait / 1000.0), response.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        return wait;
    }

    private async Task ReportAsync()
    {
        using PeriodicTimer timer = new(ReportInterval);
        try
        {
            for (long sequence = 1; await timer.WaitForNextTickAsync(_stop.Token); sequence++)
            {
                _time.Advance(5 * ReportInterval);
                foreach ((string region, double headroom) in _headrooms)
                {
                    _director.Registry.Hear(Reports.Of(region, region + "1", sequence, headroom, address: Of(region).ToString()["nats://".Length..]), _time.GetUtcNow());
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}

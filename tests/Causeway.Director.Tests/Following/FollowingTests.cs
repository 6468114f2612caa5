using System.Collections.Concurrent;
using System.Net;
using Causeway.Client;
using Causeway.Director.Http;
using Causeway.Director.Registry;
using Causeway.Director.Store;
using Causeway.Director.Tests.Registry;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Causeway.Director.Tests.Following;

/// <summary>Clients that follow real directors over real servers; only the reports are made up, so that a test says what regions are like.</summary>
public sealed class FollowingTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<ClientEvent> _events = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _silent = [];
    private TestServer _east = null!;
    private TestServer _west = null!;
    private MemoryStore _store = null!;
    private DirectorServer _first = null!;
    private DirectorServer _second = null!;
    private Task _reporting = Task.CompletedTask;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _east = await TestServer.StartAsync(ServerKinds.Causeway);
        _west = await TestServer.StartAsync(ServerKinds.Causeway);
        _store = new MemoryStore(TimeProvider.System);
        _first = await StartDirectorAsync("d1");
        _second = await StartDirectorAsync("d2");
        _reporting = ReportAsync();
        await Eventually.TrueAsync(() => _first.Registry.Current.Regions.Count == 2 && _second.Registry.Current.Regions.Count == 2);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reporting;
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _east.DisposeAsync();
        await _west.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_client_goes_where_it_is_sent_and_moves_with_its_subscriptions_when_the_region_drains()
    {
        await using BusClient client = await ConnectAsync([_first.Address, _second.Address]);
        string home = client.Region;
        string other = home == "east" ? "west" : "east";
        await using Subscription subscription = await client.SubscribeAsync("a", cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);

        await _first.Registry.Drains.SetAsync(home, new DrainMark { Since = DateTimeOffset.UtcNow, Deadline = DateTimeOffset.UtcNow + TimeSpan.FromMinutes(1) }, Cancelled);
        await Eventually.TrueAsync(() => client.Region == other && client.State == ConnectionState.Connected && client.Server == Of(other), 2 * Eventually.Deadline);
        await client.PublishAsync("a", "x"u8.ToArray(), cancellationToken: Cancelled);
        await foreach (Message message in subscription.WithCancellation(Cancelled))
        {
            Assert.Equal("x"u8.ToArray(), message.Data.ToArray());
            break;
        }

        Assert.Contains(_events, happened => happened is ClientEvent.Moving moving && moving.Region == other);
    }

    [Fact]
    public async Task When_its_region_dies_a_client_finds_another_also_with_one_director_killed()
    {
        await using BusClient client = await ConnectAsync([_first.Address, _second.Address]);
        string home = client.Region;
        string other = home == "east" ? "west" : "east";
        await _first.DisposeAsync();
        lock (_silent)
        {
            _silent.Add(home);
        }

        await (home == "east" ? _east : _west).StopAsync();
        await Eventually.TrueAsync(() => client.State == ConnectionState.Connected && client.Server == Of(other), 2 * Eventually.Deadline);
        Assert.Equal(other, client.Region);
    }

    [Fact]
    public async Task Without_any_director_a_client_goes_on_with_the_servers_it_knows()
    {
        Uri[] directors = [_first.Address, _second.Address];
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await using BusClient client = await ConnectAsync(directors);
        ServerAddress home = client.Server;
        await (home == Of("east") ? _east : _west).StopAsync();
        await Eventually.TrueAsync(() => client.State == ConnectionState.Connected && client.Server != home, 2 * Eventually.Deadline);
    }

    private static Uri Site(Uri address) => new(address.GetLeftPart(UriPartial.Authority));

    private ServerAddress Of(string region) => ServerAddress.Parse(region == "east" ? _east.Url : _west.Url);

    private Task<BusClient> ConnectAsync(Uri[] directors) => BusClient.ConnectAsync(
        new BusClientOptions
        {
            Servers = [Of("east"), Of("west")],
            // A director that is slow on a busy machine is not one that is gone.
            Director = new FollowOptions { Directors = [.. directors.Select(Site)], AnswerTimeout = Eventually.Deadline },
            ConnectTimeout = Eventually.Deadline,
            OnEvent = _events.Enqueue,
            Reconnect = new ReconnectOptions { DelayMin = TimeSpan.FromMilliseconds(5), DelayMax = TimeSpan.FromMilliseconds(200) },
        },
        Cancelled);

    private Task<DirectorServer> StartDirectorAsync(string name) => DirectorServer.StartAsync(
        new DirectorOptions { Name = name, Listen = new IPEndPoint(IPAddress.Loopback, 0), Servers = [Of("east")], Key = Reports.Key, RequestsPerSecond = 10_000 },
        _store,
        NullLogger.Instance);

    private async Task ReportAsync()
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        try
        {
            for (long sequence = 1; await timer.WaitForNextTickAsync(_stop.Token); sequence++)
            {
                foreach (string region in (string[])["east", "west"])
                {
                    lock (_silent)
                    {
                        if (_silent.Contains(region))
                        {
                            continue;
                        }
                    }

                    Core.Control.NodeReport report = Reports.Of(region, region + "1", sequence, address: Of(region).ToString()["nats://".Length..]);
                    _first.Registry.Hear(report, DateTimeOffset.UtcNow);
                    _second.Registry.Hear(report, DateTimeOffset.UtcNow);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}

using Causeway.Director.Admission;
using CsCheck;
using Xunit;

namespace Causeway.Director.Tests.Admission;

public sealed class GrantBookTests
{
    [Fact]
    public void Never_more_than_the_room_is_granted_whatever_comes() =>
        Gen.Select(Gen.Int[0, 40], Gen.Double[0.5, 200], Gen.Select(Gen.Int[0, 30], Gen.Int[0, 900]).Array[1, 300]).Sample((room, rate, asks) =>
        {
            GrantBook book = new();
            TimeSpan now = TimeSpan.Zero;
            foreach ((int client, int pause) in asks)
            {
                now += TimeSpan.FromMilliseconds(pause);
                book.Take(Request(client, room, rate), now);
                Assert.InRange(book.Outstanding(now), 0, room);
            }
        });

    [Fact]
    public void Never_faster_than_the_rate_in_any_window() =>
        Gen.Select(Gen.Double[1, 50], Gen.Double[1, 20], Gen.Select(Gen.Int[0, 5000], Gen.Int[0, 200]).Array[1, 400]).Sample((rate, burst, asks) =>
        {
            GrantBook book = new();
            TimeSpan now = TimeSpan.Zero;
            List<TimeSpan> grants = [];
            HashSet<int> granted = [];
            foreach ((int client, int pause) in asks)
            {
                now += TimeSpan.FromMilliseconds(pause);
                if (granted.Contains(client))
                {
                    continue;
                }

                if (book.Take(Request(client, 100_000, rate) with { Burst = burst }, now).Result == GrantResult.Granted)
                {
                    granted.Add(client);
                    grants.Add(now);
                }
            }

            for (int from = 0; from < grants.Count; from++)
            {
                for (int to = from; to < grants.Count; to++)
                {
                    Assert.True(to - from + 1 <= burst + (rate * (grants[to] - grants[from]).TotalSeconds) + 1e-6);
                }
            }
        });

    [Fact]
    public void Five_thousand_at_once_come_in_order_at_the_rate_and_none_waits_for_ever()
    {
        const int Clients = 5000;
        const double Rate = 100;
        GrantBook book = new();
        Random random = new(1);
        PriorityQueue<int, TimeSpan> asks = new();
        int[] asked = new int[Clients];
        List<TimeSpan> granted = [];
        for (int client = 0; client < Clients; client++)
        {
            asks.Enqueue(client, TimeSpan.FromMilliseconds(random.Next(500)));
        }

        while (asks.TryDequeue(out int client, out TimeSpan now))
        {
            GrantAnswer answer = book.Take(Request(client, Clients, Rate) with { Burst = Rate }, now);
            asked[client]++;
            if (answer.Result == GrantResult.Granted)
            {
                granted.Add(now);
                book.Settle(Name(client), now);
                continue;
            }

            Assert.NotEqual(GrantResult.Full, answer.Result);
            asks.Enqueue(client, now + (answer.Wait * (1 + (0.1 * random.NextDouble()))) + TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(Clients, granted.Count);
        for (int second = 0; second < 120; second++)
        {
            Assert.True(granted.Count(at => at >= TimeSpan.FromSeconds(second) && at < TimeSpan.FromSeconds(second + 1)) <= (2 * Rate) + 1);
        }

        // At the rate it takes 49 s after the first burst; jitter may cost a part of it more.
        Assert.InRange(granted[^1].TotalSeconds, 48, 75);
        Assert.InRange(asked.Max(), 2, 60);
    }

    [Fact]
    public void A_client_with_a_turn_goes_before_one_that_came_later()
    {
        GrantBook book = new();
        Assert.Equal(GrantResult.Granted, book.Take(Request(1, 10, 1), TimeSpan.Zero).Result);
        GrantAnswer second = book.Take(Request(2, 10, 1), TimeSpan.Zero);
        GrantAnswer third = book.Take(Request(3, 10, 1), TimeSpan.Zero);
        Assert.Equal((GrantResult.Queued, 1, 2), (second.Result, second.Wait.TotalSeconds, third.Wait.TotalSeconds));

        Assert.Equal(GrantResult.Queued, book.Take(Request(3, 10, 1), TimeSpan.FromSeconds(1)).Result);
        Assert.Equal(GrantResult.Granted, book.Take(Request(2, 10, 1), TimeSpan.FromSeconds(1)).Result);
        Assert.Equal(GrantResult.Granted, book.Take(Request(3, 10, 1), TimeSpan.FromSeconds(2)).Result);
    }

    [Fact]
    public void A_place_is_free_again_when_nobody_came_and_soon_when_somebody_did()
    {
        GrantBook book = new();
        book.Take(Request(1, 1, 100), TimeSpan.Zero);
        Assert.Equal(GrantResult.Full, book.Take(Request(2, 1, 100), TimeSpan.FromSeconds(9)).Result);
        Assert.Equal(GrantResult.Granted, book.Take(Request(2, 1, 100), TimeSpan.FromSeconds(11)).Result);
        book.Settle(Name(2), TimeSpan.FromSeconds(11));
        Assert.Equal(1, book.Outstanding(TimeSpan.FromSeconds(13)));
        Assert.Equal(0, book.Outstanding(TimeSpan.FromSeconds(14.2)));
    }

    [Fact]
    public void Who_comes_too_late_to_a_turn_has_lost_it()
    {
        GrantBook book = new();
        book.Take(Request(1, 10, 1), TimeSpan.Zero);
        book.Take(Request(2, 10, 1), TimeSpan.Zero);
        Assert.Equal(GrantResult.Granted, book.Take(Request(3, 10, 1), TimeSpan.FromSeconds(60)).Result);
        Assert.Equal(GrantResult.Queued, book.Take(Request(2, 10, 1), TimeSpan.FromSeconds(60)).Result);
    }

    internal static string Name(int client) => $"c{client}";

    internal static GrantRequest Request(int client, int room, double rate) => new()
    {
        Region = "r",
        Client = Name(client),
        Room = room,
        RatePerSecond = rate,
        Burst = 1,
        MaxWait = AdmissionLimits.MaxWait,
    };
}

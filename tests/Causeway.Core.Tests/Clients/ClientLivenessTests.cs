using Causeway.Core.Clients;
using Causeway.Core.Protocol;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Clients;

public sealed class ClientLivenessTests
{
    private static readonly Limits Minutes = new() { PingInterval = TimeSpan.FromMinutes(2), MaxPingsOut = 2 };
    private static readonly Limits Seconds = new() { PingInterval = TimeSpan.FromSeconds(1), MaxPingsOut = 2 };

    [Fact]
    public void The_first_ping_comes_two_seconds_after_the_beginning()
    {
        ClientLiveness liveness = new(Minutes, now: 1000);
        Assert.Equal(ClientLiveness.Verdict.Fine, liveness.Check(2999));
        Assert.Equal(ClientLiveness.Verdict.Ping, liveness.Check(3000));
        Assert.Equal(1, liveness.PingsOut);
        Assert.Equal(-1, liveness.RoundTripMilliseconds);
        liveness.OnActivity(3007);
        liveness.OnPong(3007);
        Assert.Equal(7, liveness.RoundTripMilliseconds);
        Assert.Equal(0, liveness.PingsOut);
        Assert.True(liveness.SawPong);
    }

    [Fact]
    public void The_first_ping_comes_earlier_when_the_interval_is_shorter() =>
        Assert.Equal(ClientLiveness.Verdict.Ping, new ClientLiveness(Seconds, 0).Check(1000));

    [Fact]
    public void A_silent_client_is_stale_an_interval_after_the_last_ping_that_it_may_owe()
    {
        ClientLiveness liveness = new(Seconds, 0);
        Assert.Equal(["1000 Ping", "2000 Ping", "3000 Stale"], Run(liveness, 3000));
    }

    [Fact]
    public void A_quiet_client_that_answers_is_pinged_every_interval()
    {
        ClientLiveness liveness = new(Seconds, 0);
        Assert.Equal(["1000 Ping", "2000 Ping", "3000 Ping", "4000 Ping", "5000 Ping"], Run(liveness, 5000, pongAfter: 5));
    }

    [Fact]
    public void A_client_that_sends_something_else_gets_no_more_pings()
    {
        ClientLiveness liveness = new(Seconds, 0);
        Assert.Equal(["1000 Ping"], Run(liveness, 10_000, pongAfter: 5, activityEvery: 300));
        Assert.Equal(["11000 Ping", "12000 Ping", "13000 Stale"], Run(liveness, 15_000, from: 10_200));
    }

    /// <summary>Also one that never answers a PING: what it sends shows that it lives.</summary>
    [Fact]
    public void A_client_that_sends_something_is_never_stale()
    {
        ClientLiveness liveness = new(Seconds, 0);
        Assert.Equal(["1000 Ping"], Run(liveness, 20_000, activityEvery: 100));
        Assert.Equal("Stale", Run(liveness, 30_000, from: 20_100)[^1].Split(' ')[1]);
    }

    [Fact]
    public void A_pong_that_nobody_asked_for_measures_nothing()
    {
        ClientLiveness liveness = new(Seconds, 0);
        liveness.OnActivity(10);
        liveness.OnPong(10);
        Assert.Equal(-1, liveness.RoundTripMilliseconds);
    }

    [Fact]
    public void A_session_pings_and_ends_when_stale()
    {
        TestNode node = new(Seconds);
        TestClient client = node.Connect();
        string got = "";
        for (node.Now = 0; node.Now <= 4000; node.Now += 100)
        {
            client.Session.Check(node.Batch);
            got += client.Read();
        }

        client.Flush();
        Assert.Equal("PING\r\nPING\r\n-ERR '" + ProtocolError.StaleConnection + "'\r\n", got + client.Read());
        Assert.Equal(CloseReason.StaleConnection, client.CloseReason);
        client.Session.Check(node.Batch);
        client.AssertReads("");
    }

    [Fact]
    public void A_session_that_publishes_without_answering_stays()
    {
        TestNode node = new(Seconds);
        TestClient client = node.Connect();
        for (node.Now = 0; node.Now <= 10_000; node.Now += 100)
        {
            client.Send("PUB a 1\r\nx\r\n");
            client.Session.Check(node.Batch);
        }

        client.AssertReads("PING\r\n");
        Assert.Equal(CloseReason.None, client.CloseReason);
    }

    /// <summary>What is asked for, and when, if the client is looked at every 100 ms.</summary>
    private static List<string> Run(ClientLiveness liveness, long until, long from = 0, int pongAfter = 0, int activityEvery = 0)
    {
        List<string> events = [];
        for (long now = from; now <= until; now += 100)
        {
            if (activityEvery > 0 && now % activityEvery == 0)
            {
                liveness.OnActivity(now);
            }

            ClientLiveness.Verdict verdict = liveness.Check(now);
            if (verdict == ClientLiveness.Verdict.Fine)
            {
                continue;
            }

            events.Add($"{now} {verdict}");
            if (verdict == ClientLiveness.Verdict.Stale)
            {
                break;
            }

            if (pongAfter > 0)
            {
                liveness.OnActivity(now + pongAfter);
                liveness.OnPong(now + pongAfter);
            }
        }

        return events;
    }
}

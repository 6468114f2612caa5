using Causeway.Core.Health;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Health;

/// <summary>What looks at a node make of its health, one after the other.</summary>
public sealed class HealthJudgeTests
{
    private static readonly HealthEvidence Well = new()
    {
        BusRoundTripMilliseconds = 0.5,
        LoopDelayMilliseconds = 0.1,
        Headroom = 0.9,
        Clients = 10,
        MaxClients = 100,
        LinksUp = 3,
    };

    private static readonly HealthEvidence Silent = Well with { BusRoundTripMilliseconds = -1, BusFault = "it did not return" };
    private static readonly HealthEvidence Stuck = Well with { LoopDelayMilliseconds = 5000 };

    private static readonly Gen<HealthEvidence> Looks = Gen.Select(
        Gen.Bool, Gen.OneOf(-1.0, 0.3, 400.0), Gen.OneOf(0.1, 500.0, 9000.0), Gen.OneOf(0.0, 0.05, 0.7), Gen.Bool,
        Gen.OneOf(5, 100), Gen.OneOf(0L, 3L), Gen.Int[0, 2].SelectMany(up => Gen.Int[0, 2].Select(missing => (up, missing))),
        (draining, bus, loop, headroom, refuses, clients, errors, links) => new HealthEvidence
        {
            IsDraining = draining,
            BusRoundTripMilliseconds = bus,
            LoopDelayMilliseconds = loop,
            Headroom = headroom,
            RefusesNew = refuses,
            Clients = clients,
            MaxClients = 100,
            AcceptErrors = errors,
            LinksUp = links.up,
            LinksMissing = [.. Enumerable.Range(0, links.missing).Select(i => $"n{i}")],
        });

    private readonly HealthJudge _judge = new();

    [Fact]
    public void Before_the_first_look_nobody_is_welcome_and_the_process_lives()
    {
        Assert.Equal(HealthStatus.NotReady, _judge.Verdict.Status);
        Assert.True(_judge.Verdict.IsAlive);
        Assert.Equal("starting", Assert.Single(_judge.Verdict.Reasons).Code);
    }

    [Fact]
    public void A_node_that_is_well_is_ready_at_its_first_look()
    {
        HealthVerdict verdict = _judge.Look(Well);

        Assert.Equal((HealthStatus.Ready, true, true), (verdict.Status, verdict.IsReady, verdict.IsAlive));
        Assert.Empty(verdict.Reasons);
    }

    [Fact]
    public void Messages_that_do_not_come_back_make_unready_after_three_looks_and_ready_after_three_that_do()
    {
        Assert.Equal("RRNNNNNR", Path(Silent, Silent, Silent, Silent, Silent, Well, Well, Well));
        Assert.Equal("RRRRRRRR", Path(Silent, Silent, Well, Silent, Silent, Well, Silent, Silent));
    }

    [Fact]
    public void The_reason_says_why_nothing_came_back()
    {
        HealthVerdict verdict = HealthJudge.Of(Silent);

        HealthReason reason = verdict.Reasons.Single(reason => reason.Code == "bus_silent");
        Assert.Equal((HealthStatus.NotReady, "no message comes back through the bus: it did not return"), (reason.Makes, reason.Text));
    }

    [Fact]
    public void One_look_after_a_process_was_stopped_for_an_hour_changes_nothing()
    {
        HealthEvidence gap = Well with { LoopDelayMilliseconds = 3_600_000, BusRoundTripMilliseconds = 3_600_000 };

        Assert.Equal("RRRR", Path(Well, gap, Well, Well));
        Assert.True(_judge.Verdict.IsAlive);
    }

    [Fact]
    public void What_refuses_clients_counts_at_once_and_is_over_after_three_looks()
    {
        Assert.Equal("NNNRNNNR", Path(
            Well with { RefusesNew = true, Headroom = 0 }, Well, Well, Well,
            Well with { Clients = 100 }, Well with { Clients = 99 }, Well with { Clients = 99 }, Well with { Clients = 99 }));
        Assert.Equal("N", Path(Well with { IsDraining = true }));
    }

    [Fact]
    public void Slowness_low_headroom_and_missing_links_are_doubts()
    {
        foreach ((HealthEvidence look, string code) in new[]
        {
            (Well with { BusRoundTripMilliseconds = 250 }, "bus_slow"),
            (Well with { LoopDelayMilliseconds = 250 }, "loop_busy"),
            (Well with { Headroom = 0.05 }, "headroom_low"),
            (Well with { LinksMissing = ["w1 quiet"] }, "links_missing"),
        })
        {
            HealthVerdict verdict = HealthJudge.Of(look);
            Assert.Equal((HealthStatus.Doubtful, true, true), (verdict.Status, verdict.IsReady, verdict.IsAlive));
            Assert.Equal(code, Assert.Single(verdict.Reasons).Code);
        }
    }

    [Fact]
    public void A_node_that_reaches_nobody_reports_doubt_and_serves_on()
    {
        HealthVerdict verdict = HealthJudge.Of(Well with { LinksUp = 0, LinksMissing = [.. Enumerable.Range(1, 10).Select(i => $"n{i}")] });

        Assert.Equal((HealthStatus.Doubtful, true), (verdict.Status, verdict.IsReady));
        HealthReason reason = Assert.Single(verdict.Reasons);
        Assert.Equal("isolated", reason.Code);
        Assert.Contains("n1, n2, n3, n4, n5, n6, n7, n8 and 2 more", reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_dies_after_ten_looks_without_work_and_lives_with_the_first_sign_of_it()
    {
        foreach (HealthEvidence look in new[] { Silent, Stuck })
        {
            HealthJudge judge = new();
            judge.Look(Well);
            Assert.Equal("LLLLLLLLLDDLL", string.Concat(Enumerable.Repeat(look, 11).Concat([Well, Well]).Select(seen => judge.Look(seen).IsAlive ? 'L' : 'D')));
        }
    }

    [Fact]
    public void A_node_that_leaves_can_be_out_of_reach_and_lives()
    {
        Assert.True(HealthJudge.Of(Silent with { IsDraining = true }).IsAlive);
        Assert.False(HealthJudge.Of(Stuck with { IsDraining = true }).IsAlive);
    }

    /// <summary>Memory, links, clients and leaving never kill; links alone never make unready; leaving and refusing always do.</summary>
    [Fact]
    public void Only_inability_to_work_kills_and_only_what_is_the_nodes_own_makes_unready() => Looks.Sample(look =>
    {
        HealthVerdict verdict = HealthJudge.Of(look);
        bool works = look.LoopDelayMilliseconds < HealthLimits.StuckLoopMilliseconds && look.BusRoundTripMilliseconds >= 0;
        bool takes = !look.IsDraining && !look.RefusesNew && look.Clients < look.MaxClients && look.AcceptErrors == 0;
        Assert.True(verdict.IsAlive || !works);
        Assert.Equal(works && takes, verdict.IsReady);
        Assert.Equal(verdict.Status == HealthStatus.Ready, verdict.Reasons.Count == 0);
        Assert.Equal(verdict.Reasons.OrderByDescending(reason => reason.Makes), verdict.Reasons);
        Assert.True(verdict.Reasons.Count <= Causeway.Core.Control.ReportLimits.MaxReasons);
    });

    /// <summary>A condition that came stays for three looks at least: whoever reads the status every look sees no flicker.</summary>
    [Fact]
    public void No_status_but_leaving_lasts_less_than_three_looks() => Looks.Select(look => look with { IsDraining = false }).Array[1, 60].Sample(looks =>
    {
        HealthJudge judge = new();
        Dictionary<string, int> since = [];
        for (int i = 0; i < looks.Length; i++)
        {
            string[] holds = [.. judge.Look(looks[i]).Reasons.Select(reason => reason.Code)];
            foreach (string ended in since.Keys.Except(holds).ToArray())
            {
                Assert.True(i - since[ended] >= HealthLimits.LooksToClear, $"{ended} held from look {since[ended]} to {i}");
                since.Remove(ended);
            }

            foreach (string code in holds)
            {
                since.TryAdd(code, i);
            }
        }
    });

    private string Path(params HealthEvidence[] looks) =>
        string.Concat(looks.Select(look => _judge.Look(look).Status switch { HealthStatus.Ready => 'R', HealthStatus.Doubtful => 'D', _ => 'N' }));
}

using Causeway.Director.Status;
using Causeway.Director.Tests.Pages.Support;
using CsCheck;
using Xunit;

namespace Causeway.Director.Tests.Status;

public sealed class ComponentTrackTests
{
    private static readonly Gen<ComponentState> AnyState = Gen.Enum<ComponentState>();
    private readonly ComponentTrack _track = new(ComponentState.Operational);
    private DateTimeOffset _now = Views.Start;

    [Fact]
    public void A_major_outage_shows_at_once()
    {
        Assert.True(Look(ComponentState.MajorOutage));
        Assert.Equal(ComponentState.MajorOutage, _track.Published);
    }

    [Fact]
    public void Less_than_that_shows_after_ten_bad_seconds()
    {
        Assert.Equal(11, LooksUntil(ComponentState.DegradedPerformance, ComponentState.DegradedPerformance));
        Assert.Equal(11 - 1, LooksUntil(ComponentState.PartialOutage, ComponentState.PartialOutage));
    }

    [Fact]
    public void A_short_flicker_does_not_show()
    {
        for (int i = 0; i < 1000; i++)
        {
            Look(i % 4 == 0 ? ComponentState.DegradedPerformance : ComponentState.Operational);
        }

        Assert.Equal(ComponentState.Operational, _track.Published);
    }

    [Fact]
    public void What_is_bad_half_of_the_time_shows()
    {
        for (int i = 0; i < 60; i++)
        {
            Look(i % 2 == 0 ? ComponentState.PartialOutage : ComponentState.Operational);
        }

        Assert.Equal(ComponentState.PartialOutage, _track.Published);
    }

    [Fact]
    public void It_is_well_again_after_a_minute_without_a_break()
    {
        Look(ComponentState.MajorOutage);
        for (int i = 0; i < 59; i++)
        {
            Assert.False(Look(ComponentState.Operational));
        }

        Look(ComponentState.MajorOutage);
        Assert.Equal(60, LooksUntil(ComponentState.Operational, ComponentState.Operational));
    }

    [Fact]
    public void It_improves_to_the_worst_that_was_seen_meanwhile()
    {
        Look(ComponentState.MajorOutage);
        for (int i = 0; i < 60; i++)
        {
            Look(i == 30 ? ComponentState.PartialOutage : ComponentState.Operational);
        }

        Assert.Equal(ComponentState.PartialOutage, _track.Published);
    }

    [Fact]
    public void One_that_falls_ill_again_and_again_has_to_be_well_for_longer_and_is_forgiven_after_an_hour()
    {
        int[] waits = [.. Enumerable.Range(0, 6).Select(_ => RecoverySeconds())];
        Assert.Equal([60, 120, 240, 480, 960, 960], waits);
        for (int i = 0; i <= 3600; i++)
        {
            Look(ComponentState.Operational);
        }

        Assert.Equal(60, RecoverySeconds());
    }

    [Fact]
    public void A_gap_between_looks_and_a_clock_set_back_are_no_evidence()
    {
        Look(ComponentState.DegradedPerformance);
        _now = _now.AddHours(3);
        _track.Look(ComponentState.DegradedPerformance, _now);
        Assert.Equal(ComponentState.Operational, _track.Published);
        _track.Look(ComponentState.MajorOutage, _now);
        for (int i = 0; i < 11; i++)
        {
            _now = _now.AddHours(-1);
            _track.Look(ComponentState.Operational, _now);
        }

        Assert.Equal(ComponentState.MajorOutage, _track.Published);
    }

    [Fact]
    public void It_never_looks_well_while_down_and_never_flaps() => Gen.Select(AnyState, Gen.Int[1, 90]).Array[1, 60].Sample(spans =>
    {
        ComponentTrack track = new(ComponentState.Operational);
        DateTimeOffset now = Views.Start;
        DateTimeOffset? worsened = null;
        foreach ((ComponentState seen, int seconds) in spans)
        {
            for (int i = 0; i < seconds; i++)
            {
                ComponentState before = track.Published;
                now = now.AddSeconds(1);
                track.Look(seen, now);
                Assert.False(seen == ComponentState.MajorOutage && track.Published != ComponentState.MajorOutage);
                if (track.Published > before)
                {
                    worsened = now;
                }
                else if (track.Published < before)
                {
                    // An improvement keeps its distance from what went before.
                    Assert.True(worsened is null || now - worsened >= StatusLimits.ImproveAfter);
                    Assert.True(seen <= track.Published);
                }
            }
        }
    });

    private bool Look(ComponentState seen)
    {
        _now = _now.AddSeconds(1);
        return _track.Look(seen, _now);
    }

    private int LooksUntil(ComponentState seen, ComponentState wanted)
    {
        int looks = 1;
        for (Look(seen); _track.Published != wanted && looks < 5000; looks++)
        {
            Look(seen);
        }

        return looks;
    }

    private int RecoverySeconds()
    {
        Look(ComponentState.MajorOutage);
        return LooksUntil(ComponentState.Operational, ComponentState.Operational);
    }
}

using Causeway.Core.Interest;
using Causeway.Core.Links;
using Causeway.Core.Regions;
using Causeway.Core.Tests.Alarms.Nodes;
using Causeway.Core.Tests.Interest;
using Xunit;

namespace Causeway.Core.Tests.Regions;

/// <summary>
/// The lag of a link is the age of the oldest change that the other side is not known to have, and the alarm goes by it: a table that always
/// changes is not behind, one that nobody is told of is.
/// </summary>
public sealed class LinkLagTests
{
    private const int TickMilliseconds = 100;
    private const int TicksPerSecond = 1000 / TickMilliseconds;

    private readonly InterestTable _table = TestInterest.NewTable();
    private readonly Mesh _mesh = new LoneMesh(new NodeCard(1, "e1", "us-east-1", "10.0.0.1:7000", "10.0.0.1:4222")).Mesh;
    private readonly ModelNode _watch = new();
    private readonly SyncPair _pair;
    private readonly ExportStream _stream;
    private int _roundTripTicks = 4;
    private int _perTick = 20;
    private int _ticks;
    private int _churned;
    private long _most;

    public LinkLagTests()
    {
        for (int literal = 0; literal < 2000; literal++)
        {
            _table.AddLiteral(TestInterest.Literal(literal));
        }

        _pair = new SyncPair(_table);
        _stream = new ExportStream(StreamKind.OwnRegion, "", new KeptSender(_table, _pair.Sender), _mesh);
        _watch.Links.Add(ModelNode.Link("ap-southeast-2", "s1"));
    }

    [Fact]
    public void A_table_that_never_stops_changing_lags_by_a_few_round_trips_and_raises_no_alarm()
    {
        _pair.Connect();
        Churn(600);
        Assert.False(_pair.Sender.IsConverged);
        Assert.True(_pair.Sender.LagEntries > 0, "there is always a change under way");
        Assert.InRange(_most, 1, 4 * _roundTripTicks * TickMilliseconds);
        Assert.Empty(_watch.Changes);
    }

    [Fact]
    public void A_link_that_stalls_opens_the_alarm_which_closes_when_it_has_caught_up()
    {
        _pair.Connect();
        Churn(30);
        Stall(12);
        Assert.Empty(_watch.Open);
        Stall(3);
        Assert.Equal("link_lag", Assert.Single(_watch.Open).Rule);
        Assert.InRange(_stream.LagMilliseconds, 14_000, 16_000);
        Stall(50);
        Assert.Equal(Core.Control.AlarmSeverity.Critical, Assert.Single(_watch.Open).Severity);
        Churn(20);
        Assert.InRange(_stream.LagMilliseconds, 1, 4 * _roundTripTicks * TickMilliseconds);
        Assert.Empty(_watch.Open);
    }

    [Fact]
    public void A_link_that_is_cut_lags_from_what_it_was_told_last_and_goes_on_from_there()
    {
        _pair.Connect();
        Churn(30);
        _pair.Cut(0);
        Stall(20);
        Assert.InRange(_stream.LagMilliseconds, 19_000, 22_000);
        _pair.Connect();
        Churn(20);
        Assert.InRange(_stream.LagMilliseconds, 1, 4 * _roundTripTicks * TickMilliseconds);
        Assert.Empty(_watch.Open);
    }

    [Fact]
    public void A_link_that_has_told_all_does_not_lag_however_long_nothing_changes()
    {
        _pair.Connect();
        _perTick = 0;
        Churn(60);
        Assert.Equal(0, _stream.LagMilliseconds);
        Stall(60);
        Assert.Equal(0, _stream.LagMilliseconds);
        Assert.Empty(_watch.Changes);
    }

    /// <summary>A change in the middle of a long first telling is older than that one's end: it is told behind it.</summary>
    [Fact]
    public void The_first_telling_lags_until_it_is_over_whatever_changes_meanwhile()
    {
        Stall(15);
        Assert.InRange(_stream.LagMilliseconds, 14_000, 16_000);
        Assert.Equal(0UL, _pair.Sender.AckedVersion);
        _pair.Connect();
        _roundTripTicks = 30;
        Churn(60);
        Assert.InRange(_stream.LagMilliseconds, 1, 4 * _roundTripTicks * TickMilliseconds);
    }

    [Fact]
    public void What_is_acknowledged_is_the_version_that_the_other_side_says_it_has()
    {
        _pair.Settle();
        Assert.Equal(_table.Version, _pair.Sender.AckedVersion);
        ulong told = _table.Version;
        _table.AddLiteral(TestInterest.Literal(5000));
        _pair.Send();
        Assert.Equal(told, _pair.Sender.AckedVersion);
        _pair.Cut(0);
        _pair.Connect();
        Assert.Equal(told, _pair.Sender.AckedVersion);
        _pair.Settle();
        Assert.Equal(_table.Version, _pair.Sender.AckedVersion);
        _pair.ForgetReceiver(clear: true);
        _pair.Connect();
        Assert.Equal(0UL, _pair.Sender.AckedVersion);
        _pair.Settle();
        Assert.Equal(_table.Version, _pair.Sender.AckedVersion);
    }

    private void Churn(int seconds) => Pass(seconds, isStalled: false);

    private void Stall(int seconds) => Pass(seconds, isStalled: true);

    /// <summary>Lets time pass with changes in each tick. What is sent arrives half a round trip later, and the answer as long after that.</summary>
    private void Pass(int seconds, bool isStalled)
    {
        for (int tick = 0; tick < seconds * TicksPerSecond; tick++)
        {
            for (int i = 0; i < _perTick; i++)
            {
                int literal = _churned++ % 1000;
                _table.SetLiteral(TestInterest.Literal(literal), !_table.Contains(TestInterest.Literal(literal)));
            }

            _ticks++;
            _mesh.Now = (long)_ticks * TickMilliseconds;
            if (!isStalled && _ticks % _roundTripTicks == 0)
            {
                _pair.Deliver();
                _pair.Answer();
                _pair.Send();
            }

            _stream.Check(_mesh.Now);
            _most = Math.Max(_most, _stream.LagMilliseconds);
            if (_ticks % TicksPerSecond == 0)
            {
                _watch.Links[0] = _watch.Links[0] with { LagEntries = (long)_pair.Sender.LagEntries, LagSeconds = _stream.LagMilliseconds / 1000.0 };
                _watch.Look();
            }
        }
    }
}

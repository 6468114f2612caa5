using System.Text;
using Causeway.Client.Rpc;
using Causeway.Client.Rpc.Serving;
using Causeway.Client.Rpc.Wire;
using Causeway.Client.Tests.Rpc.Wire;
using Xunit;

namespace Causeway.Client.Tests.Rpc.Serving;

/// <summary>The server's decisions, message by message.</summary>
public sealed class DispatcherTests
{
    private readonly RecordedWire _wire = new();
    private readonly List<ServerCall> _running = [];
    private readonly Dispatcher _dispatcher;
    private readonly ServiceState _service;
    private readonly MethodQueue _method = new("m", 2, 3, 1000);
    private int _calls;

    public DispatcherTests()
    {
        _dispatcher = new Dispatcher(_wire, "me", new RpcLimits { ClaimNotice = TimeSpan.FromMilliseconds(100), MovedKeysMax = 2 }, _running.Add);
        _service = _dispatcher.Add("svc", new Dictionary<string, MethodQueue> { ["m"] = _method }, (key, candidate) => candidate.Labels == "no" ? -1 : RpcAffinities.LeastLoaded(key, candidate));
    }

    [Fact]
    public void Calls_to_all_are_for_who_serves_the_key_and_told_of_if_they_take_long()
    {
        All(Call(key: "k"));
        Assert.Empty(_wire.All);
        _service.Keys.Add("k");
        All(Call(key: "k"));
        Assert.Single(_running);
        _dispatcher.Tick(100);
        Assert.Equal(RpcKind.Claimed, _wire.All.Single(sent => sent.Subject == "reply.2").Header.Kind);
        Assert.Equal(1, _dispatcher.Counts.NotMine);
    }

    [Fact]
    public void Queues_are_bounded_and_what_would_not_begin_in_time_is_refused_at_once()
    {
        for (int i = 0; i < 6; i++)
        {
            At(Call());
        }

        Assert.Equal((2, 3, 1L), (_dispatcher.Counts.Running, _dispatcher.Counts.Waiting, _dispatcher.Counts.Overloaded));
        Assert.Equal(RpcCode.Overloaded, _wire.Last.Header.Code);

        // Two ended after 4 s each: the mean says that the third in the queue would wait too long.
        _dispatcher.Completed(_running[0], 4000);
        _dispatcher.Completed(_running[1], 4000);
        Assert.Equal((2, 1), (_dispatcher.Counts.Running, _dispatcher.Counts.Waiting));
        At(Call(milliseconds: 1000), 4000);
        Assert.Equal(RpcCode.Overloaded, _wire.Last.Header.Code);
        Assert.StartsWith("the call would wait about", _wire.Last.Header.Text, StringComparison.Ordinal);
        At(Call(milliseconds: 60_000), 4000);
        Assert.Equal(2, _dispatcher.Counts.Waiting);
    }

    [Fact]
    public void Bytes_that_wait_are_bounded()
    {
        At(Call());
        At(Call());
        At(Call(payload: 900));
        At(Call(payload: 200));
        Assert.Equal((1, 900L, 1L), (_dispatcher.Counts.Waiting, _dispatcher.Counts.WaitingBytes, _dispatcher.Counts.Overloaded));
        _dispatcher.Tick(10_000);
        Assert.Equal((0, 0L, 1L), (_dispatcher.Counts.Waiting, _dispatcher.Counts.WaitingBytes, _dispatcher.Counts.Shed));
    }

    [Fact]
    public void A_call_not_begun_by_nine_tenths_of_its_time_is_shed_and_one_that_runs_is_cancelled_at_the_end()
    {
        At(Call(milliseconds: 1000));
        At(Call(milliseconds: 1000));
        At(Call(milliseconds: 1000));
        _dispatcher.Tick(899);
        Assert.Equal(0, _dispatcher.Counts.Shed);
        _dispatcher.Tick(900);
        RpcHeader shed = _wire.All.Single(sent => sent.Subject == "reply.3").Header;
        Assert.Equal((RpcCode.DeadlineExceeded, false, "waited 900 ms for 'm' and was not begun"), (shed.Code, shed.MayHaveRun, shed.Text));

        _dispatcher.Tick(1000);
        Assert.Equal(2, _dispatcher.Counts.TimedOut);
        Assert.All(_running, call => Assert.False(call.TryAnswer()));
        Assert.All(_running, call => Assert.True(call.Cancellation.IsCancellationRequested));
        Assert.Equal(2, _dispatcher.Counts.Running);
        _running.ForEach(call => _dispatcher.Completed(call, 1100));
        Assert.Equal((0, 2L), (_dispatcher.Counts.Running, _dispatcher.Counts.Ended));
    }

    [Fact]
    public void A_call_that_arrives_twice_runs_once()
    {
        RecordedWire.Sent call = Call();
        At(call);
        At(call);
        _dispatcher.Completed(_running[0], 1);
        At(call);
        Assert.Single(_running);
        Assert.Equal(2, _dispatcher.Counts.Duplicates);
    }

    [Fact]
    public void Keys_that_moved_are_passed_on_once_and_for_a_time_and_a_bounded_number_of_them()
    {
        foreach (string key in new[] { "a", "b", "c" })
        {
            _service.Keys.Add(key);
            Assert.True(_service.Keys.Move(key, "other", 0));
        }

        Assert.Equal(2, _service.Keys.MovedCount);
        At(Call(key: "a"));
        Assert.Equal(RpcCode.NotHere, _wire.Last.Header.Code);
        At(Call(key: "c"));
        Assert.Equal(("$RPC.at.other", "reply.2", RpcFlags.Forwarded), (_wire.Last.Subject, _wire.Last.ReplyTo, _wire.Last.Header.Flags));
        At(Call(key: "c", flags: RpcFlags.Forwarded));
        Assert.Equal(RpcCode.NotHere, _wire.Last.Header.Code);
        At(Call(key: "c"), 60_001);
        Assert.Equal(RpcCode.NotHere, _wire.Last.Header.Code);
        Assert.Equal(0, _service.Keys.MovedCount);
        _service.Keys.Add("c");
        At(Call(key: "c"), 60_002);
        Assert.Single(_running);
    }

    [Fact]
    public void The_best_takes_a_call_and_what_was_passed_on_counts_as_load_until_the_next_announcement()
    {
        Heard("a", running: 0, labels: "");
        Heard("b", running: 1, labels: "");
        Heard("c", running: 0, labels: "no");
        At(Call());
        At(Call());
        _wire.All.Clear();

        // Both handlers here are busy: a (0 of 2), then a and b alike (1 of 2), then what is left.
        for (int i = 0; i < 4; i++)
        {
            Any(Call(flags: RpcFlags.Best));
        }

        string[] subjects = [.. _wire.All.Select(sent => sent.Subject)];
        Assert.Equal("$RPC.at.a", subjects[0]);
        Assert.Equal(2, subjects.Count(subject => subject == "$RPC.at.a"));
        Assert.Equal(1, subjects.Count(subject => subject == "$RPC.at.b"));
        Assert.Equal(1, _dispatcher.Counts.Waiting);

        // Passed on already, or the one it was passed on to was not there: taken here.
        Any(Call(flags: RpcFlags.Best | RpcFlags.Forwarded));
        Any(Call(flags: RpcFlags.Best | RpcFlags.Again));
        Assert.Equal(3, _dispatcher.Counts.Waiting);
        Assert.Equal(3, _dispatcher.Counts.Forwarded);
    }

    [Fact]
    public void An_affinity_function_that_throws_passes_a_server_over_and_is_counted()
    {
        Dispatcher throwing = new(_wire, "me", new RpcLimits(), _running.Add);
        throwing.Add("svc", new Dictionary<string, MethodQueue> { ["m"] = _method }, (_, _) => throw new InvalidOperationException());
        throwing.OnAny(Call(flags: RpcFlags.Best).Arriving, 0);
        Assert.Equal((RpcCode.Unavailable, false, 1L), (_wire.Last.Header.Code, _wire.Last.Header.MayHaveRun, throwing.Counts.AffinityErrors));
        Assert.Empty(_running);
    }

    [Fact]
    public void Servers_that_fall_silent_or_leave_are_not_chosen()
    {
        At(Call());
        Heard("a", 0, "");
        Heard("b", 0, "");
        _dispatcher.OnAll("svc", new RpcMessage { Header = new(RpcKind.Leave) { From = "a" } }, 0);
        Assert.Equal(1, _dispatcher.Counts.Members);
        Any(Call(flags: RpcFlags.Best), 3499);
        Assert.Equal("$RPC.at.b", _wire.Last.Subject);
        Any(Call(flags: RpcFlags.Best), 3500);
        Assert.Equal(2, _running.Count);
        _dispatcher.Tick(3500);
        Assert.Equal(0, _dispatcher.Counts.Members);
    }

    [Fact]
    public void Where_there_are_many_servers_each_announces_less_often()
    {
        _dispatcher.Tick(0);
        Assert.Equal((RpcKind.Load, 1000L), (_wire.Last.Header.Kind, _wire.Last.Header.Milliseconds));
        for (int i = 0; i < 5000; i++)
        {
            Heard($"s{i}", 0, "");
        }

        // 4,096 are known and this one: at 100 a second in all.
        _dispatcher.Tick(1000);
        Assert.Equal(40_970, _wire.Last.Header.Milliseconds);
        Assert.Equal((4096, 904L), (_dispatcher.Counts.Members, _dispatcher.Counts.RefusedMembers));
    }

    [Fact]
    public void Who_leaves_takes_nothing_and_says_so_to_those_who_asked_it()
    {
        _service.Keys.Add("k");
        _dispatcher.StopTaking();
        Assert.Equal(RpcKind.Leave, _wire.Last.Header.Kind);
        All(Call(key: "k"));
        Assert.Single(_wire.All);
        At(Call());
        Assert.Equal((RpcCode.Unavailable, false), (_wire.Last.Header.Code, _wire.Last.Header.MayHaveRun));
    }

    [Fact]
    public void Without_room_for_an_answer_it_is_counted()
    {
        _wire.HasRoom = false;
        At(Call(key: "nobody's"));
        Assert.Equal(1, _dispatcher.Counts.UnsentAnswers);
    }

    private RecordedWire.Sent Call(string key = "", RpcFlags flags = default, long milliseconds = 5000, int payload = 0) =>
        new("s", $"reply.{++_calls}", new RpcHeader(RpcKind.Call) { Id = new CallId("c", _calls), Milliseconds = milliseconds, Flags = flags, Method = "svc.m", Key = key }, new byte[payload]);

    private void At(RecordedWire.Sent call, long now = 0) => _dispatcher.OnAddressed(call.Arriving, now);

    private void Any(RecordedWire.Sent call, long now = 0) => _dispatcher.OnAny(call.Arriving, now);

    private void All(RecordedWire.Sent call) => _dispatcher.OnAll("svc", call.Arriving, 0);

    private void Heard(string address, long running, string labels) => _dispatcher.OnAll(
        "svc",
        new RpcMessage { Subject = Encoding.UTF8.GetBytes("s"), Header = new(RpcKind.Load) { From = address, Milliseconds = 1000, Messages = running, Bytes = 2, Text = labels } },
        0);
}

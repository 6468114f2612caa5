using Causeway.Client.Rpc;
using Causeway.Client.Rpc.Calls;
using Causeway.Client.Rpc.Wire;
using Causeway.Client.Tests.Rpc.Wire;
using Xunit;

namespace Causeway.Client.Tests.Rpc.Calls;

/// <summary>The caller's decisions, message by message.</summary>
public sealed class CallTableTests
{
    private const string Server = "srv1";
    private readonly RecordedWire _wire = new();
    private readonly CallTable _table;

    public CallTableTests() => _table = new CallTable(_wire, "me", "_INBOX.x", new RpcLimits { ClaimTimeout = TimeSpan.FromSeconds(1), KnownKeysMax = 2 });

    [Fact]
    public void A_known_key_goes_to_its_server_and_what_is_not_there_is_looked_for_once_more()
    {
        Ended first = Begin(RpcTarget.Key("k"));
        Assert.Equal("$RPC.all.svc", _wire.Last.Subject);
        Answer(new(RpcKind.Done) { From = Server });
        Assert.Equal(Server, first.Server);

        Ended second = Begin(RpcTarget.Key("k"));
        Assert.Equal("$RPC.at.srv1", _wire.Last.Subject);
        Answer(new(RpcKind.Fail) { From = Server, Code = RpcCode.NotHere, Text = "x" });
        Assert.Equal("$RPC.all.svc", _wire.Last.Subject);
        Answer(new(RpcKind.Done) { From = "srv2" });

        Assert.Equal("srv2", second.Server);
        Assert.Equal("srv2", _table.Find("svc", "k"));
        Assert.Equal(1, _table.Counts.Retries);
    }

    [Fact]
    public void A_server_that_nobody_hears_at_is_forgotten_and_the_call_is_safe_to_send_again()
    {
        Learn("k");
        Ended call = Begin(RpcTarget.Key("k"));
        Nobody();
        Assert.Equal("$RPC.all.svc", _wire.Last.Subject);
        Nobody();
        Assert.Equal((RpcCode.Unavailable, false), call.Failure);
        Assert.Null(_table.Find("svc", "k"));
        Assert.Equal(0, _table.Counts.Pending);
    }

    [Fact]
    public void Calls_that_find_no_room_to_be_sent_count_among_those_that_wait()
    {
        CallTable table = new(_wire, "me", "_INBOX.x", new RpcLimits { PendingCallsMax = 2 });
        _wire.HasRoom = false;
        Ended[] calls = [.. Enumerable.Range(0, 3).Select(_ => new Ended(RpcTarget.Any, false))];
        Assert.False(table.TryBegin(calls[0].Call, 0));
        Assert.False(table.TryBegin(calls[0].Call, 0));
        Assert.False(table.TryBegin(calls[1].Call, 0));
        Assert.Equal(RpcCode.Overloaded, Assert.Throws<RpcException>(() => table.TryBegin(calls[2].Call, 0)).Code);
        Assert.Equal((2, 1L), (table.Counts.Pending, table.Counts.Refused));

        _wire.HasRoom = true;
        Assert.True(table.TryBegin(calls[0].Call, 0));
        table.AwaitsRoomNoMore(calls[0].Call);
        table.AwaitsRoomNoMore(calls[1].Call);
        Assert.Equal((1, 1L), (table.Counts.Pending, table.Counts.Calls));
    }

    [Fact]
    public void What_the_bus_let_not_be_published_fails_at_once_and_nothing_else_does()
    {
        Learn("k");
        Ended known = Begin(RpcTarget.Key("k"));
        Ended any = Begin(RpcTarget.Any);
        Ended other = Begin(RpcTarget.At("srv2"));

        _table.Refuse("$RPC.any.svc", "no");
        Assert.Equal((RpcCode.Forbidden, false), any.Failure);
        _table.Refuse("$RPC.at.srv1", "no");
        Assert.Equal((RpcCode.Forbidden, false), known.Failure);
        Assert.Null(other.Failure);
        Assert.Equal((1, 2L), (_table.Counts.Pending, _table.Counts.Failed));
    }

    [Fact]
    public void A_call_that_waits_to_be_sent_again_is_not_refused_for_what_it_was_sent_to()
    {
        Learn("k");
        Ended call = Begin(RpcTarget.Key("k"));
        _wire.HasRoom = false;
        Answer(new(RpcKind.Fail) { From = Server, Code = RpcCode.NotHere });
        _table.Refuse("$RPC.at.srv1", "no");
        Assert.Null(call.Failure);
        _wire.HasRoom = true;
        _table.Tick(5);
        Answer(new(RpcKind.Done) { From = "srv2" });
        Assert.Equal("srv2", call.Server);
    }

    [Fact]
    public void Attempts_are_bounded()
    {
        Ended call = Begin(RpcTarget.Best("k"));
        Assert.Equal(RpcFlags.Best, _wire.Last.Header.Flags);
        Nobody();
        Assert.Equal(RpcFlags.Best | RpcFlags.Again, _wire.Last.Header.Flags);
        Nobody();
        Nobody();
        Assert.Equal((RpcCode.Unavailable, false), call.Failure);
        Assert.Equal(3, _wire.All.Count);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public void A_claim_without_an_answer_is_made_again_only_where_it_does_no_harm(bool idempotent, int attempts)
    {
        Ended call = Begin(RpcTarget.Key("k"), idempotent: idempotent);
        Assert.Equal(1000, _table.Tick(999));
        for (long now = 1000; now <= 4000; now += 1000)
        {
            _table.Tick(now);
        }

        Assert.Equal(attempts, _wire.All.Count);
        Assert.Equal((RpcCode.Unavailable, true), call.Failure);
        Assert.Equal(1, _table.Counts.UnansweredClaims);
    }

    [Fact]
    public void A_server_that_says_it_has_the_call_is_waited_for_until_the_deadline()
    {
        Ended call = Begin(RpcTarget.Key("k"));
        Answer(new(RpcKind.Claimed) { From = Server });
        Assert.Equal(5000, _table.Tick(4999));
        Assert.Null(call.Failure);
        Assert.Equal(Server, _table.Find("svc", "k"));
        Assert.Equal(long.MaxValue, _table.Tick(5000));
        Assert.Equal((RpcCode.DeadlineExceeded, true), call.Failure);
        Assert.Null(_table.Find("svc", "k"));
        Answer(new(RpcKind.Done) { From = Server });
        Assert.Equal(1, _table.Counts.Strays);
    }

    [Fact]
    public void A_second_server_that_answers_is_noticed_before_and_after_the_end()
    {
        Begin(RpcTarget.Key("k"));
        Answer(new(RpcKind.Claimed) { From = Server });
        Answer(new(RpcKind.Claimed) { From = "srv2" });
        Answer(new(RpcKind.Done) { From = Server });
        Assert.Equal(1, _table.Counts.DuplicateServers);
        Answer(new(RpcKind.Done) { From = "srv2" });
        Assert.Equal(2, _table.Counts.DuplicateServers);
        Answer(new(RpcKind.Done) { From = Server });
        Assert.Equal((2L, 1L), (_table.Counts.DuplicateServers, _table.Counts.Strays));
    }

    [Fact]
    public void A_call_given_up_is_told_to_its_server_or_to_all()
    {
        Learn("k");
        Ended known = Begin(RpcTarget.Key("k"));
        _table.Cancel(known.Call);
        Assert.Equal(("$RPC.at.srv1", new CallId("me", 2)), (_wire.Last.Subject, _wire.Last.Header.Id));
        Ended any = Begin(RpcTarget.Any);
        _table.Cancel(any.Call);
        Assert.Equal((RpcKind.Cancel, "$RPC.all.svc"), (_wire.Last.Header.Kind, _wire.Last.Subject));
        int sent = _wire.All.Count;
        _table.Cancel(any.Call);
        Assert.Equal(sent, _wire.All.Count);
        Assert.Equal(2, _table.Counts.Cancelled);
    }

    [Fact]
    public void Without_room_a_call_does_not_begin_and_one_to_be_sent_again_waits()
    {
        _wire.HasRoom = false;
        Ended call = new(RpcTarget.Key("k"), false);
        Assert.False(_table.TryBegin(call.Call, 0));
        Assert.Equal(0, _table.Counts.Calls);
        _wire.HasRoom = true;
        Learn("k");
        Assert.True(_table.TryBegin(call.Call, 0));
        _table.AwaitsRoomNoMore(call.Call);
        _wire.HasRoom = false;
        Answer(new(RpcKind.Fail) { From = Server, Code = RpcCode.NotHere });
        Assert.Equal(1, _table.Counts.Pending);
        long next = _table.Tick(5);
        Assert.InRange(next, 6, 20);
        _wire.HasRoom = true;
        _table.Tick(next);
        Assert.Equal("$RPC.all.svc", _wire.Last.Subject);
        Answer(new(RpcKind.Done) { From = "srv2" });
        Assert.Equal("srv2", call.Server);
    }

    [Fact]
    public void Known_keys_are_bounded_and_the_least_used_is_forgotten()
    {
        Learn("a");
        Learn("b");
        _table.Find("svc", "a");
        Learn("c");
        Assert.Equal((Server, null, Server), (_table.Find("svc", "a"), _table.Find("svc", "b"), _table.Find("svc", "c")));
        Assert.Equal((2, 1L), (_table.Counts.KnownKeys, _table.Counts.EvictedKeys));
    }

    [Fact]
    public void Time_that_is_left_travels_with_each_attempt()
    {
        Learn("k");
        Begin(RpcTarget.Key("k"));
        Assert.Equal(5000, _wire.Last.Header.Milliseconds);
        _table.OnMessage(Number, new RpcMessage { Header = new(RpcKind.Fail) { From = Server, Code = RpcCode.NotHere } }, 1200);
        Assert.Equal(3800, _wire.Last.Header.Milliseconds);
    }

    private long Number => long.Parse(_wire.All.Last(sent => sent.ReplyTo is not null).ReplyTo!["_INBOX.x.".Length..], System.Globalization.CultureInfo.InvariantCulture);

    private void Learn(string key)
    {
        Begin(RpcTarget.Key(key));
        Answer(new(RpcKind.Done) { From = Server });
    }

    private Ended Begin(RpcTarget target, bool idempotent = false)
    {
        Ended call = new(target, idempotent);
        Assert.True(_table.TryBegin(call.Call, 0));
        return call;
    }

    private void Answer(RpcHeader header) => _table.OnMessage(Number, new RpcMessage { Header = RecordedWire.Carried(header) }, 0);

    private void Nobody() => _table.OnMessage(Number, new RpcMessage { IsNobody = true }, 0);

    private sealed class Ended : ICallSink
    {
        public Ended(RpcTarget target, bool idempotent) =>
            Call = new PendingCall { Service = "svc", Method = "svc.m", Target = target, Payload = default, Sink = this, Deadline = 5000, Idempotent = idempotent };

        public PendingCall Call { get; }

        public string? Server { get; private set; }

        public (RpcCode, bool)? Failure { get; private set; }

        public void Done(string server, ReadOnlySpan<byte> payload) => Server = server;

        public void Failed(Exception reason) => Failure = (((RpcException)reason).Code, ((RpcException)reason).MayHaveRun);
    }
}

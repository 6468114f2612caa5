using Causeway.Client.Connections;
using Causeway.Client.Rpc.Streams;
using Causeway.Client.Rpc.Wire;
using Causeway.Client.Timing;

namespace Causeway.Client.Rpc.Calls;

/// <summary>
/// The caller's side: where a call goes, what its answers mean, when it is sent again and when given up. Safe for any thread; has no
/// clock, sends by a wire, and tells ends to sinks outside its lock.
/// </summary>
/// <remarks>
/// A call is sent again only where it has surely not begun (the server says so, or the bus that nobody heard it), or where it is
/// idempotent. Each attempt has a number of its own, so that an answer to an earlier one finds nobody.
/// </remarks>
internal sealed partial class CallTable(IRpcWire wire, string caller, string inbox, RpcLimits limits)
{
    private const long SendAgainMilliseconds = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, PendingCall> _calls = [];
    private readonly Dictionary<long, IFrameSink> _streams = [];
    private readonly DueHeap<PendingCall> _due = new();
    private readonly AddressBook _book = new(limits.KnownKeysMax);
    private readonly RecentClaims _claims = new(RpcLimits.RecentClaimsMax);
    private CallCounts _counts;
    private long _lastNumber;
    private long _pendingBytes;
    private int _awaitingRoom;
    private int _opening;
    private Exception? _ended;

    public CallCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return _counts with
                {
                    Pending = _calls.Count + _awaitingRoom,
                    PendingBytes = _pendingBytes,
                    Streams = _streams.Count,
                    KnownKeys = _book.Count,
                    EvictedKeys = _book.Evicted,
                };
            }
        }
    }

    public long FirstDue
    {
        get
        {
            lock (_gate)
            {
                return _due.FirstDue;
            }
        }
    }

    public IFrameSink[] Streams
    {
        get
        {
            lock (_gate)
            {
                return [.. _streams.Values];
            }
        }
    }

    /// <summary>The server that a key is known to be at; null where none is.</summary>
    public string? Find(string service, string key)
    {
        lock (_gate)
        {
            return _book.Find(service, key);
        }
    }

    /// <summary>
    /// Sends a call for the first time; false where the wire has no room: it counts among those that wait until it is begun later or given
    /// up, and <see cref="AwaitsRoomNoMore"/> then.
    /// </summary>
    /// <exception cref="RpcException">Too many calls wait, or too many streams are open.</exception>
    /// <exception cref="ObjectDisposedException">The connection is closed.</exception>
    public bool TryBegin(PendingCall call, long now)
    {
        lock (_gate)
        {
            if (_ended is not null)
            {
                throw Ending.Again(_ended);
            }

            int pending = _calls.Count + _awaitingRoom;
            if (!call.AwaitsRoom && (pending >= limits.PendingCallsMax || (pending > 0 && _pendingBytes + call.Payload.Length > limits.PendingBytesMax)))
            {
                _counts.Refused++;
                throw new RpcException(
                    RpcCode.Overloaded, $"{call}: {pending} calls with {_pendingBytes} bytes wait for answers, more are not allowed at the same time", false);
            }

            if (call.Stream is not null && _streams.Count + _opening >= limits.OpenStreamsMax)
            {
                _counts.Refused++;
                throw new RpcException(RpcCode.Overloaded, $"{call}: {_streams.Count + _opening} streams are open, more are not allowed at the same time", false);
            }

            if (!TrySend(call, now))
            {
                if (!call.AwaitsRoom)
                {
                    call.AwaitsRoom = true;
                    _awaitingRoom++;
                    _pendingBytes += call.Payload.Length;
                }

                return false;
            }

            _counts.Calls++;
            Enter(call);
            return true;
        }
    }

    /// <summary>A call that found no room is sent or given up.</summary>
    public void AwaitsRoomNoMore(PendingCall call)
    {
        lock (_gate)
        {
            call.AwaitsRoom = false;
            _awaitingRoom--;
            _pendingBytes -= call.Payload.Length;
        }
    }

    /// <summary>Takes what came for an attempt.</summary>
    public void OnMessage(long number, in RpcMessage message, long now)
    {
        Outcome? outcome = null;
        IFrameSink? stream = null;
        lock (_gate)
        {
            if (_calls.TryGetValue(number, out PendingCall? call))
            {
                outcome = message.IsNobody ? Nobody(call, now) : Answer(call, message.Header, now);
            }
            else if (!_streams.TryGetValue(number, out stream) || message.Header.Kind == RpcKind.Opened)
            {
                Late(number, message.Header);
                stream = null;
            }
        }

        if (outcome is { } end)
        {
            end.Tell(message.Header, message.Payload);
        }
        else if (message.IsNobody)
        {
            stream?.OnNobody();
        }
        else
        {
            stream?.OnFrame(message.Header, message.Payload);
        }
    }

    /// <summary>Does what is due; returns when the next is.</summary>
    public long Tick(long now)
    {
        List<Outcome> outcomes = [];
        long next;
        lock (_gate)
        {
            while (_due.TryTake(now, out PendingCall? call))
            {
                if (Due(call, now) is { } outcome)
                {
                    outcomes.Add(outcome);
                }
            }

            next = _due.FirstDue;
        }

        outcomes.ForEach(outcome => outcome.Tell(default, default));
        return next;
    }

    /// <summary>The caller gave up: the server is told where it is known, else all of the service are.</summary>
    public void Cancel(PendingCall call)
    {
        lock (_gate)
        {
            if (Leave(call))
            {
                _counts.Cancelled++;
                string subject = call.Server is { } server ? RpcSubjects.At(server) : RpcSubjects.All(call.Service);
                if (!wire.TrySend(subject, null, new RpcHeader(RpcKind.Cancel) { Id = new CallId(caller, call.Number) }, default))
                {
                    _counts.UnsentMessages++;
                }
            }
        }
    }

    public void RemoveStream(long number)
    {
        lock (_gate)
        {
            _streams.Remove(number);
        }
    }

    /// <summary>The connection is closed: all that waits fails.</summary>
    public void End(Exception reason)
    {
        PendingCall[] calls;
        IFrameSink[] streams;
        lock (_gate)
        {
            _ended = reason;
            calls = [.. _calls.Values];
            streams = [.. _streams.Values];
            Array.ForEach(calls, call => Leave(call));
            _streams.Clear();
        }

        Array.ForEach(calls, call => call.Sink.Failed(reason));
        Array.ForEach(streams, stream => stream.Fail(reason));
    }

    private bool TrySend(PendingCall call, long now)
    {
        call.Number = ++_lastNumber;
        call.Server = call.Target.Kind switch
        {
            RpcTargetKind.At => call.Target.Text,
            RpcTargetKind.Key => _book.Find(call.Service, call.Target.Text),
            _ => null,
        };
        call.IsBroadcast = call.Target.Kind == RpcTargetKind.Key && call.Server is null;
        RpcFlags flags = call.Target.Kind != RpcTargetKind.Best ? RpcFlags.None : call.Attempts == 0 ? RpcFlags.Best : RpcFlags.Best | RpcFlags.Again;
        RpcHeader header = new(call.Stream is null ? RpcKind.Call : RpcKind.Open)
        {
            Id = new CallId(caller, call.Number),
            Milliseconds = Math.Max(1, call.Deadline - now),
            Flags = flags,
            Method = call.Method,
            Key = call.Target.Kind == RpcTargetKind.At ? string.Empty : call.Target.Text,
            Messages = limits.StreamWindowMessages,
            Bytes = limits.StreamWindowBytes,
        };
        call.Subject = call.Server is { } server ? RpcSubjects.At(server)
            : call.IsBroadcast ? RpcSubjects.All(call.Service)
            : RpcSubjects.Any(call.Service);
        if (!wire.TrySend(call.Subject, RpcSubjects.Reply(inbox, call.Number), header, call.Payload.Span))
        {
            return false;
        }

        call.Attempts++;
        call.SendAt = long.MaxValue;
        call.ClaimBy = call.IsBroadcast ? now + (long)limits.ClaimTimeout.TotalMilliseconds : long.MaxValue;
        _counts.Sent++;
        _counts.Claims += call.IsBroadcast ? 1 : 0;
        return true;
    }

    private void Enter(PendingCall call)
    {
        _calls.Add(call.Number, call);
        _opening += call.Stream is null ? 0 : 1;
        _pendingBytes += call.Payload.Length;
        _due.Add(call);
    }

    private bool Leave(PendingCall call)
    {
        if (!_calls.Remove(call.Number))
        {
            return false;
        }

        _opening -= call.Stream is null ? 0 : 1;
        _pendingBytes -= call.Payload.Length;
        _due.Remove(call);
        return true;
    }

    /// <summary>How a call ended, to be told outside the lock.</summary>
    private readonly record struct Outcome(PendingCall Call, string Server, Exception? Reason)
    {
        public void Tell(in RpcHeader header, ReadOnlySpan<byte> payload)
        {
            if (Reason is not null)
            {
                Call.Sink.Failed(Reason);
                return;
            }

            if (header.Kind == RpcKind.Opened)
            {
                Call.Stream!.Opened(header);
            }

            Call.Sink.Done(Server, payload);
        }
    }
}

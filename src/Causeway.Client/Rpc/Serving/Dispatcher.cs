using Causeway.Client.Rpc.Wire;
using Causeway.Client.Timing;

namespace Causeway.Client.Rpc.Serving;

/// <summary>
/// The server's side: whether a request is for this server, passed on, refused, queued or begun, and what becomes of it in time. Safe
/// for any thread; has no clock and runs no handler itself.
/// </summary>
/// <param name="wire">Sends answers.</param>
/// <param name="address">The server's address.</param>
/// <param name="limits">The bounds.</param>
/// <param name="run">Has a call's handler run. Called under the lock: it must only schedule.</param>
internal sealed partial class Dispatcher(IRpcWire wire, string address, RpcLimits limits, Action<ServerCall> run)
{
    private const int RecentCallsMax = 8192;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServiceState> _services = [];
    private readonly Dictionary<CallId, ServerCall> _calls = [];
    private readonly RecentCalls _recent = new(RecentCallsMax);
    private readonly DueHeap<ServerCall> _due = new();
    private ServerCounts _counts;
    private TaskCompletionSource? _idle;
    private bool _leaving;

    public ServerCounts Counts
    {
        get
        {
            lock (_gate)
            {
                IEnumerable<MethodQueue> methods = _services.Values.SelectMany(service => service.Methods.Values);
                return _counts with
                {
                    Running = methods.Sum(method => method.Running),
                    Waiting = methods.Sum(method => method.Waiting),
                    WaitingBytes = methods.Sum(method => method.WaitingBytes),
                    Keys = _services.Values.Sum(service => service.Keys.Count),
                    Members = _services.Values.Sum(service => service.Members.Count),
                    AffinityErrors = _services.Values.Sum(service => service.Members.AffinityErrors),
                    RefusedMembers = _services.Values.Sum(service => service.Members.Refused),
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
                long first = _due.FirstDue;
                foreach (ServiceState service in _services.Values)
                {
                    first = Math.Min(first, service.AnnounceAt);
                }

                return first;
            }
        }
    }

    /// <summary>Begins to serve a service.</summary>
    /// <exception cref="InvalidOperationException">It is served already.</exception>
    public ServiceState Add(string name, Dictionary<string, MethodQueue> methods, RpcAffinity? affinity)
    {
        KeyTable keys = new(limits.KeysMax, limits.MovedKeysMax, (long)limits.MovedKeyTime.TotalMilliseconds);
        ServiceState service = new(name, methods, affinity, keys, new Membership(address, limits));
        lock (_gate)
        {
            return _services.TryAdd(name, service) ? service : throw new InvalidOperationException($"service '{name}' is served already");
        }
    }

    /// <summary>Takes back what <see cref="Add"/> did.</summary>
    public void Remove(ServiceState service)
    {
        lock (_gate)
        {
            _services.Remove(service.Name);
        }
    }

    /// <summary>Does something with a service's keys, alone.</summary>
    public T With<T>(Func<T> work)
    {
        lock (_gate)
        {
            return work();
        }
    }

    /// <summary>Takes a message that came to the server's address; returns when the next thing is due.</summary>
    public long OnAddressed(in RpcMessage message, long now) => On(Origin.At, message, now);

    /// <summary>Takes a message that came to any one server of a service; returns when the next thing is due.</summary>
    public long OnAny(in RpcMessage message, long now) => On(Origin.Any, message, now);

    /// <summary>Takes a message that came to all servers of a service; returns when the next thing is due.</summary>
    public long OnAll(string service, in RpcMessage message, long now)
    {
        ref readonly RpcHeader header = ref message.Header;
        if (header.Kind is RpcKind.Call or RpcKind.Open or RpcKind.Cancel)
        {
            return On(Origin.All, message, now);
        }

        Action<string, string>? taken = null;
        lock (_gate)
        {
            if (!_services.TryGetValue(service, out ServiceState? state))
            {
                _counts.Strays++;
            }
            else if (header.Kind == RpcKind.Load)
            {
                state.Members.Heard(header.From, header.Milliseconds, header.Messages, header.Bytes, header.Text, now);
            }
            else if (header.Kind == RpcKind.Leave)
            {
                state.Members.Left(header.From);
            }
            else if (header.Kind == RpcKind.Taken && header.From != address && state.Keys.Move(header.Key, header.From, now))
            {
                _counts.KeysTaken++;
                taken = state.OnTaken;
            }
        }

        taken?.Invoke(header.Key, header.From);
        return long.MaxValue;
    }

    /// <summary>Does what is due; returns when the next is.</summary>
    public long Tick(long now)
    {
        lock (_gate)
        {
            while (_due.TryTake(now, out ServerCall? call))
            {
                Due(call, now);
            }

            foreach (ServiceState service in _services.Values)
            {
                if (service.AnnounceAt <= now)
                {
                    Announce(service, now);
                }
            }

            return FirstDue;
        }
    }

    /// <summary>A handler ended: the next call of its method may begin.</summary>
    public void Completed(ServerCall call, long now)
    {
        lock (_gate)
        {
            Leave(call);
            _counts.Ended++;
            if (call.Method.Ended(call, now) is { } next)
            {
                _due.Remove(next);
                call.Method.Begin(next, now);
                _due.Add(next);
                Begin(next);
            }

            TellIdle();
        }
    }

    /// <summary>Completes when no call waits or runs.</summary>
    public Task IdleAsync()
    {
        lock (_gate)
        {
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            TellIdle();
            return _idle?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>Takes no new calls from now on; those that wait and run go on.</summary>
    public void StopTaking()
    {
        lock (_gate)
        {
            _leaving = true;
            foreach (ServiceState service in _services.Values.Where(service => service.Affinity is not null))
            {
                service.AnnounceAt = long.MaxValue;
                Send(RpcSubjects.All(service.Name), new RpcHeader(RpcKind.Leave) { From = address });
            }
        }
    }

    /// <summary>Cancels all that runs and waits, without an answer.</summary>
    public void CancelAll()
    {
        lock (_gate)
        {
            foreach (ServerCall call in _calls.Values.ToArray())
            {
                Cancel(call);
            }
        }
    }

    /// <summary>Tells the other servers of a service that a key is served here now.</summary>
    public void TellTaken(string service, string key)
    {
        lock (_gate)
        {
            Send(RpcSubjects.All(service), new RpcHeader(RpcKind.Taken) { From = address, Key = key });
        }
    }

    private void Due(ServerCall call, long now)
    {
        if (call.State == ServerCallState.Waiting && call.StartBy <= now)
        {
            call.Method.Withdraw(call);
            Leave(call);
            _counts.Shed++;
            Fail(call.ReplyTo, RpcCode.DeadlineExceeded, $"waited {now - call.ArrivedAt} ms for '{call.Method.Name}' and was not begun", false);
        }
        else if (call.NoticeAt <= now)
        {
            call.NoticeAt = long.MaxValue;
            if (!call.IsAnswered)
            {
                _counts.ClaimNotices++;
                Send(call.ReplyTo, new RpcHeader(RpcKind.Claimed) { From = address });
            }

            _due.Add(call);
        }
        else if (call.TryAnswer())
        {
            _counts.TimedOut++;
            Fail(call.ReplyTo, RpcCode.DeadlineExceeded, $"'{call.Method.Name}' did not end in time", true);
            call.Cancellation.CancelAsync();
        }
    }

    private void Announce(ServiceState service, long now)
    {
        service.Members.DropSilent(now);
        long interval = service.Members.IntervalMilliseconds;
        service.AnnounceAt = now + interval;
        _counts.Announcements++;
        Send(RpcSubjects.All(service.Name), new RpcHeader(RpcKind.Load)
        {
            From = address,
            Milliseconds = interval,
            Messages = service.Busy,
            Bytes = service.Capacity,
            Text = service.Labels,
        });
    }

    private void TellIdle()
    {
        if (_idle is not null && _calls.Count == 0)
        {
            _idle.TrySetResult();
            _idle = null;
        }
    }

    private void Leave(ServerCall call)
    {
        _calls.Remove(call.Header.Id);
        _due.Remove(call);
        call.State = ServerCallState.Ended;
    }

    private void Fail(string? replyTo, RpcCode code, string text, bool mayHaveRun) =>
        Send(replyTo, new RpcHeader(RpcKind.Fail) { From = address, Code = code, Text = text, MayHaveRun = mayHaveRun });

    private void Send(string? subject, in RpcHeader header)
    {
        try
        {
            _counts.UnsentAnswers += subject is null || wire.TrySend(subject, null, header, default) ? 0 : 1;
        }
        catch (BusException)
        {
            // The server that the client has moved to takes no headers, or hardly anything: nobody can be answered by it.
            _counts.UnsentAnswers++;
        }
    }
}

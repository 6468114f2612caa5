using Causeway.Client.Rpc.Wire;

namespace Causeway.Client.Rpc.Serving;

/// <summary>What becomes of a request that arrives.</summary>
internal sealed partial class Dispatcher
{
    private enum Origin
    {
        At,
        Any,
        All,
    }

    private long On(Origin origin, in RpcMessage message, long now)
    {
        ref readonly RpcHeader header = ref message.Header;
        lock (_gate)
        {
            switch (header.Kind)
            {
                case RpcKind.Call or RpcKind.Open:
                    Request(origin, message, now);
                    break;
                case RpcKind.Cancel:
                    if (_calls.TryGetValue(header.Id, out ServerCall? call))
                    {
                        Cancel(call);
                    }

                    break;
                default:
                    _counts.Strays++;
                    break;
            }

            return _due.FirstDue;
        }
    }

    private void Request(Origin origin, in RpcMessage message, long now)
    {
        ref readonly RpcHeader header = ref message.Header;
        ReadOnlySpan<char> name = header.Method;
        int dot = name.IndexOf('.');
        ReadOnlySpan<char> methodName = name[(dot + 1)..];
        name = dot < 0 ? name : name[..dot];
        if (_leaving || !_services.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out ServiceState? service))
        {
            if (origin != Origin.All)
            {
                Fail(message.ReplyText, RpcCode.Unavailable, _leaving ? "the server is leaving" : $"the server does not serve '{name}'", false);
            }

            return;
        }

        if (origin == Origin.All && !service.Keys.Serves(header.Key))
        {
            _counts.NotMine++;
            return;
        }

        // Before it is passed on too: one that came twice could go to two servers.
        if (!_recent.Add(header.Id))
        {
            _counts.Duplicates++;
            return;
        }

        if (!IsForMe(service, message, now))
        {
            return;
        }

        if (!service.Methods.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(methodName, out MethodQueue? method))
        {
            Fail(message.ReplyText, RpcCode.Unimplemented, $"service '{name}' has no method '{methodName}'", false);
        }
        else
        {
            Take(origin, message, method, now);
        }
    }

    /// <summary>Whether this server is to take the request; where not, it is passed on or refused.</summary>
    private bool IsForMe(ServiceState service, in RpcMessage message, long now)
    {
        ref readonly RpcHeader header = ref message.Header;
        bool forwarded = header.Flags.HasFlag(RpcFlags.Forwarded);
        if (header.Flags.HasFlag(RpcFlags.Best))
        {
            return forwarded || service.Affinity is null || IsBest(service, service.Affinity, message, now);
        }

        if (header.Key.Length == 0 || service.Keys.Serves(header.Key))
        {
            return true;
        }

        if (!forwarded && service.Keys.MovedTo(header.Key, now) is { } server)
        {
            Forward(server, message);
        }
        else
        {
            _counts.NotHere++;
            Fail(message.ReplyText, RpcCode.NotHere, $"key '{header.Key}' is not served here", false);
        }

        return false;
    }

    private bool IsBest(ServiceState service, RpcAffinity affinity, in RpcMessage message, long now)
    {
        ref readonly RpcHeader header = ref message.Header;
        RpcCandidate me = new(address, service.Labels, service.Busy / (double)service.Capacity, true);
        string? chosen = service.Members.Choose(affinity, header.Key, me, header.Flags.HasFlag(RpcFlags.Again), now);
        if (chosen is null)
        {
            Fail(message.ReplyText, RpcCode.Unavailable, $"no server of '{service.Name}' may take key '{header.Key}'", false);
        }
        else if (chosen.Length > 0)
        {
            Forward(chosen, message);
        }

        return chosen is { Length: 0 };
    }

    /// <summary>Passes a request on, once: the answer goes to the caller directly.</summary>
    private void Forward(string server, in RpcMessage message)
    {
        RpcHeader header = message.Header with { Flags = message.Header.Flags | RpcFlags.Forwarded };
        try
        {
            bool isSent = wire.TrySend(RpcSubjects.At(server), message.ReplyText, header, message.Payload);
            _counts.Forwarded += isSent ? 1 : 0;
            _counts.UnsentAnswers += isSent ? 0 : 1;
        }
        catch (PayloadTooLargeException)
        {
            // The header grew by a character.
            Fail(message.ReplyText, RpcCode.Overloaded, "the request is too large to be passed on", false);
        }
    }

    private void Take(Origin origin, in RpcMessage message, MethodQueue method, long now)
    {
        long time = Math.Clamp(message.Header.Milliseconds, 1, (long)limits.CallTimeoutMax.TotalMilliseconds);
        ServerCall call = new()
        {
            Header = message.Header,
            ReplyTo = message.ReplyText,
            Payload = message.Payload.ToArray(),
            Method = method,
            ArrivedAt = now,
            Deadline = now + time,
            StartBy = now + (long)(time * limits.StartByShare),
            NoticeAt = origin == Origin.All ? now + (long)limits.ClaimNotice.TotalMilliseconds : long.MaxValue,
        };
        if (method.Offer(call, now) is { } refusal)
        {
            _counts.Overloaded++;
            Fail(call.ReplyTo, RpcCode.Overloaded, refusal, false);
            return;
        }

        _calls.Add(call.Header.Id, call);
        _due.Add(call);
        if (call.State == ServerCallState.Running)
        {
            Begin(call);
        }
    }

    private void Begin(ServerCall call)
    {
        _counts.Begun++;
        run(call);
    }

    /// <summary>Ends a call without an answer: at once where it waits, else its handler is told.</summary>
    private void Cancel(ServerCall call)
    {
        if (call.Cancellation.IsCancellationRequested)
        {
            return;
        }

        _counts.Cancelled++;
        call.TryAnswer();
        if (call.State == ServerCallState.Waiting)
        {
            call.Method.Withdraw(call);
            Leave(call);
            TellIdle();
        }
        else
        {
            call.Cancellation.CancelAsync();
        }
    }
}

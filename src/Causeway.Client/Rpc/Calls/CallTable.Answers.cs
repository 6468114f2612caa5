using Causeway.Client.Rpc.Wire;

namespace Causeway.Client.Rpc.Calls;

/// <summary>What answers, and their absence, mean for a call.</summary>
internal sealed partial class CallTable
{
    /// <summary>The bus let the caller not publish on a subject: what was sent there has not begun, and never will.</summary>
    public void Refuse(string subject, string why)
    {
        List<Outcome> outcomes = [];
        lock (_gate)
        {
            PendingCall[] refused = [.. _calls.Values.Where(call => call.Subject == subject && call.SendAt == long.MaxValue)];
            outcomes.AddRange(refused.Select(call => End(call, new RpcException(RpcCode.Forbidden, $"{call}: {why}", false))));
        }

        outcomes.ForEach(outcome => outcome.Tell(default, default));
    }

    private Outcome? Answer(PendingCall call, in RpcHeader header, long now)
    {
        string from = header.From;
        if (call.IsBroadcast && from.Length > 0)
        {
            _counts.DuplicateServers += call.Server is not null && call.Server != from ? 1 : 0;
            call.Server ??= from;
        }

        switch (header.Kind)
        {
            case RpcKind.Claimed:
                Learn(call, from);
                _due.Remove(call);
                call.ClaimBy = long.MaxValue;
                _due.Add(call);
                return null;
            case RpcKind.Done when call.Stream is null:
            case RpcKind.Opened when call.Stream is not null:
                Learn(call, from);
                Leave(call);
                if (call.Stream is not null)
                {
                    _streams.Add(call.Number, call.Stream);
                }

                return new Outcome(call, from, null);
            case RpcKind.Fail when header.Code == RpcCode.NotHere || (header.Code == RpcCode.Unavailable && !header.MayHaveRun):
                return call.IsBroadcast || call.Target.Kind == RpcTargetKind.At ? Lost(call, header.Text) : AskAgain(call, now);
            case RpcKind.Fail:
                return End(call, new RpcException(header.Code, header.Text, header.MayHaveRun));
            default:
                _counts.Strays++;
                return null;
        }
    }

    /// <summary>The bus says that nobody heard the attempt: it has not begun anywhere.</summary>
    private Outcome? Nobody(PendingCall call, long now) =>
        IsByBook(call) || call.Target.Kind == RpcTargetKind.Best
            ? AskAgain(call, now)
            : Lost(call, call.Target.Kind == RpcTargetKind.At ? "the server is gone" : $"nobody serves '{call.Service}'");

    private static bool IsByBook(PendingCall call) => call.Target.Kind == RpcTargetKind.Key && !call.IsBroadcast;

    private Outcome? AskAgain(PendingCall call, long now)
    {
        if (call.Target.Kind == RpcTargetKind.Key)
        {
            _book.Forget(call.Service, call.Target.Text, call.Server);
        }

        if (call.Attempts >= limits.AttemptsMax)
        {
            return Lost(call, $"tried {call.Attempts} times, each time the server was not there");
        }

        Leave(call);
        _counts.Retries++;
        return SendOrWait(call, now);
    }

    private Outcome? SendOrWait(PendingCall call, long now)
    {
        try
        {
            if (!TrySend(call, now))
            {
                call.ClaimBy = long.MaxValue;
                call.SendAt = now + SendAgainMilliseconds;
            }
        }
        catch (BusException refused)
        {
            // As the server that the client has moved to since takes less.
            _counts.Failed++;
            return new Outcome(call, string.Empty, refused);
        }

        Enter(call);
        return null;
    }

    private Outcome? Due(PendingCall call, long now)
    {
        if (now >= call.Deadline)
        {
            _counts.TimedOut++;
            if (call.Target.Kind == RpcTargetKind.Key)
            {
                // The server may be dead, and the key with another by now.
                _book.Forget(call.Service, call.Target.Text, call.Server);
            }

            return End(call, new RpcException(RpcCode.DeadlineExceeded, $"{call}: no answer in time", call.Attempts > 0));
        }

        if (now >= call.SendAt)
        {
            Leave(call);
            return SendOrWait(call, now);
        }

        if (call.Idempotent && call.Attempts < limits.AttemptsMax)
        {
            call.MayHaveBegun = true;
            return AskAgain(call, now);
        }

        _counts.UnansweredClaims++;
        return End(call, new RpcException(
            RpcCode.Unavailable, $"{call}: no server said within {limits.ClaimTimeout.TotalSeconds:0.###} s that it serves the key", true));
    }

    private Outcome Lost(PendingCall call, string why) => End(call, new RpcException(RpcCode.Unavailable, $"{call}: {why}", false));

    private Outcome End(PendingCall call, RpcException reason)
    {
        Leave(call);
        _counts.Failed++;
        return new Outcome(
            call, string.Empty, call.MayHaveBegun && !reason.MayHaveRun ? new RpcException(reason.Code, reason.Message, mayHaveRun: true) : reason);
    }

    private void Learn(PendingCall call, string server)
    {
        // The usual answer comes from the server that the book named.
        bool isNews = call.IsBroadcast || server != call.Server;
        if (isNews && call.Target.Kind == RpcTargetKind.Key && server.Length > 0)
        {
            _book.Learn(call.Service, call.Target.Text, server);
            if (call.IsBroadcast)
            {
                _claims.Add(call.Number, server);
            }
        }
    }

    private void Late(long number, in RpcHeader header)
    {
        if (header.From.Length > 0 && _claims.IsByAnother(number, header.From))
        {
            _counts.DuplicateServers++;
            if (header.Kind == RpcKind.Opened)
            {
                // Nobody will ever speak to that one: it need not wait until it notices.
                RpcHeader abort = new(RpcKind.Abort) { Stream = header.Stream, Sequence = 1, Code = RpcCode.Cancelled, Text = "another server took the stream" };
                _counts.UnsentMessages += wire.TrySend(RpcSubjects.At(header.From), null, abort, default) ? 0 : 1;
            }
        }
        else
        {
            _counts.Strays++;
        }
    }
}

using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Causeway.Client.Connections;
using Causeway.Client.Protocol;
using Causeway.Client.Timing;

namespace Causeway.Client.Delivery;

/// <summary>
/// The one wildcard subscription through which all replies to a client's requests come: <c>_INBOX.id.*</c>, with the request's number
/// as the last token. One timer serves all that wait for a single reply.
/// </summary>
internal sealed class ReplyInbox : IMessageSink
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, IReplySink> _requests = [];
    private readonly DueHeap<SingleReply> _due = new();
    private readonly MillisecondClock _clock;
    private readonly MessageFactory _messages;
    private readonly string _prefix;
    private DueTimer? _timer;
    private long _lastRequest;
    private Exception? _ended;

    public ReplyInbox(BusClient client)
    {
        _clock = new MillisecondClock(client.Options.TimeProvider);
        _prefix = $"{NewSubject()}.";
        Pattern = $"{_prefix}*";
        _messages = new MessageFactory(client, Pattern);
    }

    /// <summary>The subject to subscribe to.</summary>
    public string Pattern { get; }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _requests.Count;
            }
        }
    }

    /// <summary>A subject that nobody else uses or can guess.</summary>
    public static string NewSubject() => $"_INBOX.{RandomNumberGenerator.GetString("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 22)}";

    /// <summary>Opens a place for replies and returns its number; <see cref="SubjectOf"/> is where they go to.</summary>
    public long Open(IReplySink sink)
    {
        lock (_gate)
        {
            return Enter(sink);
        }
    }

    /// <summary>Opens a place for one reply, which fails when its time is up.</summary>
    public SingleReply Open(string subject, TimeSpan patience)
    {
        bool isTimed = patience != Timeout.InfiniteTimeSpan;
        if (isTimed)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(patience, TimeSpan.Zero, nameof(patience));
        }

        SingleReply reply = new(subject, patience, isTimed ? _clock.Now + (long)Math.Ceiling(patience.TotalMilliseconds) : long.MaxValue);
        DueTimer? timer;
        lock (_gate)
        {
            reply.Number = Enter(reply);
            if (isTimed)
            {
                _due.Add(reply);
                _timer ??= new DueTimer(_clock, GiveUp);
            }

            timer = _timer;
        }

        reply.ReplyTo = SubjectOf(reply.Number);
        if (isTimed)
        {
            timer!.Need(reply.DueAt);
        }

        return reply;
    }

    public string SubjectOf(long request) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{request}");

    public void Close(long request)
    {
        lock (_gate)
        {
            _requests.Remove(request);
        }
    }

    public void Close(SingleReply reply)
    {
        lock (_gate)
        {
            Leave(reply);
        }
    }

    public void Deliver(in InboundMessage message)
    {
        ReadOnlySpan<byte> token = message.Subject[Math.Min(_prefix.Length, message.Subject.Length)..];
        if (!Utf8Parser.TryParse(token, out long request, out int used) || used != token.Length)
        {
            return;
        }

        IReplySink? sink;
        lock (_gate)
        {
            if (_requests.TryGetValue(request, out sink) && sink is SingleReply single)
            {
                Leave(single);
            }
        }

        // A late reply finds nobody.
        if (sink is null)
        {
            return;
        }

        if (HeaderBlock.IsNobodyResponds(message))
        {
            sink.NobodyResponds();
        }
        else
        {
            sink.Deliver(_messages.Create(message, sink is SingleReply one ? one.ReplyTo : null));
        }
    }

    /// <summary>Fails the requests to a subject on which the server let the client not publish.</summary>
    public void Refuse(string subject, BusException reason)
    {
        KeyValuePair<long, IReplySink>[] refused;
        lock (_gate)
        {
            refused = [.. _requests.Where(request => request.Value.Subject == subject)];
            foreach ((long number, IReplySink sink) in refused)
            {
                Leave(sink as SingleReply);
                _requests.Remove(number);
            }
        }

        Array.ForEach(refused, request => request.Value.Fail(reason));
    }

    public void End(Exception? error)
    {
        Exception reason = error ?? new ObjectDisposedException(nameof(BusClient));
        IReplySink[] waiting;
        lock (_gate)
        {
            _ended = reason;
            waiting = [.. _requests.Values];
            Array.ForEach(waiting, sink => Leave(sink as SingleReply));
            _requests.Clear();
            _timer?.Dispose();
        }

        Array.ForEach(waiting, sink => sink.Fail(reason));
    }

    private long Enter(IReplySink sink)
    {
        if (_ended is not null)
        {
            throw Ending.Again(_ended);
        }

        if (_requests.Count >= ClientLimits.PendingRequestsMax)
        {
            throw new BusException($"{ClientLimits.PendingRequestsMax} requests wait for replies, more are not allowed at the same time");
        }

        _requests.Add(++_lastRequest, sink);
        return _lastRequest;
    }

    private void Leave(SingleReply? reply)
    {
        if (reply is not null && _requests.Remove(reply.Number))
        {
            _due.Remove(reply);
        }
    }

    /// <summary>Fails those whose time is up; returns when the next one's is.</summary>
    private long GiveUp(long now)
    {
        List<SingleReply> late = [];
        long next;
        lock (_gate)
        {
            while (_due.TryTake(now, out SingleReply? reply))
            {
                _requests.Remove(reply.Number);
                late.Add(reply);
            }

            next = _due.FirstDue;
        }

        late.ForEach(reply => reply.Fail(reply.TimeUp()));
        return next;
    }
}

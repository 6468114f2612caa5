using Causeway.Core.Access;
using Causeway.Core.Delivery;
using Causeway.Core.Memory;
using Causeway.Core.Protocol;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Clients;

/// <summary>
/// One client's side of the protocol, without its socket: takes what was received, routes its messages, and fills the outbound
/// queue. <see cref="Receive"/>, <see cref="Check"/> and <see cref="Release"/> belong to the client's own thread;
/// <see cref="Deliver"/> and <see cref="TellInfo"/> may be called from any.
/// </summary>
public sealed class ClientSession : Subscriber
{
    /// <summary>What a connection is booked with for its own objects and the kernel-independent rest, in bytes.</summary>
    public const int ConnectionBytes = 1024;

    private readonly NodeContext _node;
    private readonly ClientInfo _info;
    private readonly ClientAccess _access;
    private readonly ClientLines _lines;
    private readonly ClientDelivery _delivery;
    private Command _command;

    /// <summary>Begins a session at <paramref name="now"/> (milliseconds), in the default tenant if none is named, and queues its INFO.</summary>
    public ClientSession(NodeContext node, ulong id, string address, int port, IClientTransport transport, long now, Tenant? tenant = null)
    {
        // First what can fail, while nothing is booked.
        _info = new ClientInfo(node, id, address);
        byte[] greeting = _info.Greeting();
        _node = node;
        Id = id;
        Address = address;
        Port = port;
        Transport = transport;
        Tenant = tenant ?? node.DefaultTenant;
        Account = node.Budget.Open($"client:{id}");
        Account.Charge(MemoryUse.Connections, ConnectionBytes);
        Outbound = new OutboundQueue(node.Pool, Account);
        Limits = node.Limits;
        _lines = new ClientLines(Outbound, transport, node.Limits.MaxPendingBytes);
        _access = new ClientAccess(node, this, _info.Nonce, now);
        _delivery = new ClientDelivery(this, _access, node.Limits);
        Subscriptions = new ClientSubscriptions(this, node, Account);
        Liveness = new ClientLiveness(node.Limits, now);
        _lines.Send(greeting);
    }

    /// <summary>The connection's number, unique in the node's life.</summary>
    public ulong Id { get; }

    /// <summary>The client's IP address.</summary>
    public string Address { get; }

    /// <summary>The client's port.</summary>
    public int Port { get; }

    /// <summary>The subject space that the client lives in; the default one until it is known who it is.</summary>
    public Tenant Tenant { get; private set; }

    /// <summary>Who the client has proved to be; null for nobody in particular.</summary>
    public User? User => _access.User;

    /// <summary>True while it is being checked who the client is: nothing is to be received until <see cref="Resume"/>.</summary>
    public bool IsWaiting => _access.IsPending;

    /// <summary>The limits that hold for the client.</summary>
    internal Limits Limits { get; private set; }

    /// <summary>The connection beneath.</summary>
    public IClientTransport Transport { get; }

    /// <summary>What the client holds of the node's memory.</summary>
    public MemoryAccount Account { get; }

    /// <summary>What waits to be sent to it.</summary>
    public OutboundQueue Outbound { get; }

    /// <summary>Its subscriptions.</summary>
    public ClientSubscriptions Subscriptions { get; }

    /// <summary>Its PINGs and PONGs.</summary>
    public ClientLiveness Liveness { get; }

    /// <summary>What it said of itself.</summary>
    public ConnectOptions Options { get; } = new();

    /// <summary>Why the session ends, once it does: nothing more is to be received then.</summary>
    public CloseReason Ending { get; private set; }

    /// <summary>Messages it sent.</summary>
    public long InMessages { get; private set; }

    /// <summary>Bytes of headers and payload that it sent.</summary>
    public long InBytes { get; private set; }

    /// <summary>Messages delivered to it.</summary>
    public long OutMessages => _delivery.Messages;

    /// <summary>Bytes of headers and payload delivered to it.</summary>
    public long OutBytes => _delivery.Bytes;

    /// <summary>
    /// Works through what was received and returns how much of it is done with; the rest is the beginning of a command, to be given
    /// again with more. <paramref name="needed"/> is the whole size of that command where it is known, else 0.
    /// </summary>
    public int Receive(ReadOnlySpan<byte> data, DeliveryBatch batch, out int needed)
    {
        needed = 0;
        int done = 0;
        Liveness.OnActivity(batch.NowMilliseconds);
        if (_access.IsUndecided && !data.IsEmpty && !_access.MayBegin(data[0]))
        {
            Conclude(LoginOutcome.Refused);
        }

        while (Ending == CloseReason.None && done < data.Length)
        {
            ReadOnlySpan<byte> rest = data[done..];
            ParseStatus status = CommandParser.TryRead(rest, Limits, Options.Headers, ref _command);
            if (status == ParseStatus.Complete)
            {
                if (_command.Verb == Verb.Pub || _command.Verb == Verb.Hpub)
                {
                    Publish(rest, batch);
                }
                else
                {
                    Execute(rest, batch);
                    if (_access.IsPending)
                    {
                        return done + _command.Length;
                    }
                }

                done += _command.Length;
                continue;
            }

            if (status == ParseStatus.Incomplete)
            {
                needed = _command.Length;
                return done;
            }

            (CloseReason reason, string? error) = ProtocolFault.Of(status);
            End(reason, error);
        }

        return done;
    }

    /// <summary>
    /// Puts <paramref name="message"/> into the outbound queue for <paramref name="subscription"/>; false if it can't have it: it is denied
    /// to the client, the client is going, the subscription is over, or the client is too slow, which ends it.
    /// </summary>
    public bool Deliver(Subscription subscription, in Message message, DeliveryBatch batch) => _delivery.Deliver(subscription, message, batch);

    /// <summary>To be called now and then: sends a PING or closes a stale client when that is due.</summary>
    public void Check(DeliveryBatch batch)
    {
        if (Ending != CloseReason.None)
        {
            return;
        }

        if (_access.IsTooLate(batch.NowMilliseconds))
        {
            Conclude(LoginOutcome.TimedOut);
            return;
        }

        switch (_access.IsDecided ? Liveness.Check(batch.NowMilliseconds) : ClientLiveness.Verdict.Fine)
        {
            case ClientLiveness.Verdict.Ping:
                _lines.Send("PING\r\n"u8);
                Transport.Flush();
                break;
            case ClientLiveness.Verdict.Stale:
                End(CloseReason.StaleConnection, ProtocolError.StaleConnection);
                break;
        }
    }

    /// <summary>Tells the client what INFO says now, if it understands INFO at any time. Any thread.</summary>
    public void TellInfo()
    {
        if (_info.Changed(Options, Tenant) is { } line)
        {
            _lines.Send(line);
            Transport.Flush();
        }
    }

    /// <summary>A login that was waited for is decided. On the client's own thread.</summary>
    public void Resume(DeliveryBatch batch)
    {
        if (Ending == CloseReason.None && _access.IsPending)
        {
            Conclude(_access.Decide());
            _lines.TouchIfAppended(batch);
        }
    }

    /// <summary>
    /// Another configuration of who may come holds: ends the session if it may not stay, and else those subscriptions that it may not
    /// have any more. On the client's own thread.
    /// </summary>
    public void Reload(DeliveryBatch batch)
    {
        LoginOutcome outcome = _access.Reload();
        if (outcome != LoginOutcome.Accepted)
        {
            Conclude(outcome);
            return;
        }

        MoveTo(Tenant);

        foreach (Subscription denied in Subscriptions.EndDenied(_access))
        {
            _lines.SendError(ProtocolError.SubscriptionTakenBack(denied.Subject, denied.Sid));
        }

        _lines.TouchIfAppended(batch);
    }

    /// <summary>Ends the session, with an error to the client if there is one to tell. On the client's own thread.</summary>
    public void End(CloseReason reason, string? error = null)
    {
        if (Ending != CloseReason.None)
        {
            return;
        }

        Ending = reason;
        if (error is not null)
        {
            _lines.SendError(error);
        }

        Outbound.Close();
        Transport.Close(reason);
    }

    /// <summary>
    /// Gives back all that the session holds but its unsent blocks, which the transport discards before. True when it is done; else
    /// it is to be called again, so that a client with very many subscriptions does not keep others waiting.
    /// </summary>
    public bool Release(int mostSubscriptions)
    {
        Outbound.Close();
        if (!Subscriptions.EndSome(mostSubscriptions))
        {
            return false;
        }

        _access.Release();
        Account.Release(MemoryUse.Connections, ConnectionBytes);
        _node.Budget.Close(Account);
        return true;
    }

    /// <summary>It is known who the client is, and where it lives from now on.</summary>
    internal void MoveTo(Tenant tenant)
    {
        Tenant = tenant;
        Limits = tenant.ClientLimits ?? _node.Limits;
    }

    private void Execute(ReadOnlySpan<byte> data, DeliveryBatch batch)
    {
        switch (_command.Verb)
        {
            case Verb.Ping:
                _lines.Send("PONG\r\n"u8);
                if (_info.OnPong(Options, Tenant) is { } line)
                {
                    _lines.Send(line);
                }

                break;
            case Verb.Pong:
                Liveness.OnPong(batch.NowMilliseconds);
                break;
            case Verb.Sub:
                Subscribe(data);
                break;
            case Verb.Unsub:
                Subscriptions.Remove(data.Slice(_command.SubjectStart, _command.SubjectLength), _command.Max);
                _lines.Acknowledge(Options);
                break;
            case Verb.Connect:
                Connect(data.Slice(_command.SubjectStart, _command.SubjectLength), batch.NowMilliseconds);
                break;
            case Verb.Err:
                End(CloseReason.ClientClosed);
                break;
        }

        _lines.TouchIfAppended(batch);
    }

    private void Publish(ReadOnlySpan<byte> data, DeliveryBatch batch)
    {
        InMessages++;
        InBytes += _command.PayloadLength;
        ReadOnlySpan<byte> subject = data.Slice(_command.SubjectStart, _command.SubjectLength);
        if ((Options.Verbose || Options.Pedantic || _access.LimitsPublishing) && !CheckAndAcknowledge(subject, batch))
        {
            return;
        }

        // A header block of no bytes is no header block: the message goes out as MSG, as nats-server does it.
        bool passesOn = _command.TailIsCanonical && (_command.Verb == Verb.Pub || _command.HeaderLength > 0);
        Message message = passesOn
            ? new Message(subject, data[_command.TailStart.._command.Length], _command.PayloadLength, _command.HeaderLength, _command.ReplyLength)
            : batch.Rewriter.Canonical(data, _command);
        int delivered = Router.Publish(this, message, batch);
        if (delivered == 0 && Options.NoResponders && _command.ReplyLength > 0
            && Router.NoResponders(this, data.Slice(_command.ReplyStart, _command.ReplyLength), batch) is { } answer)
        {
            _lines.Send(answer);
            _lines.TouchIfAppended(batch);
        }
    }

    /// <summary>The slow way for clients that have messages checked or acknowledged; false if this one may not be published.</summary>
    private bool CheckAndAcknowledge(ReadOnlySpan<byte> subject, DeliveryBatch batch)
    {
        if (Options.Pedantic && !Subject.IsLiteral(subject))
        {
            _lines.SendError(ProtocolError.InvalidPublishSubject);
        }

        if (_access.LimitsPublishing && !_access.MayPublish(subject, batch.NowMilliseconds))
        {
            _lines.SendError(ProtocolError.PublishViolation(subject));
            _lines.TouchIfAppended(batch);
            return false;
        }

        if (Options.Verbose || Options.Pedantic)
        {
            _lines.Acknowledge(Options);
            _lines.TouchIfAppended(batch);
        }

        return true;
    }

    private void Subscribe(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> subject = data.Slice(_command.SubjectStart, _command.SubjectLength);
        ReadOnlySpan<byte> queue = data.Slice(_command.ReplyStart, _command.ReplyLength);
        string? error = _access.MaySubscribe(subject, queue)
            ? Subscriptions.Add(subject, queue, data.Slice(_command.SidStart, _command.SidLength), _access)
            : ProtocolError.SubscriptionViolation(subject, queue);
        if (error is not null)
        {
            _lines.SendError(error);
        }
        else
        {
            _lines.Acknowledge(Options);
        }
    }

    private void Connect(ReadOnlySpan<byte> json, long now) =>
        Conclude(Options.TryApply(json) ? _access.Login(json, now) : LoginOutcome.Malformed);

    /// <summary>Goes on, or ends, by what came of a login.</summary>
    private void Conclude(LoginOutcome outcome)
    {
        if (outcome == LoginOutcome.Pending || Ending != CloseReason.None)
        {
            return;
        }

        if (outcome != LoginOutcome.Accepted)
        {
            _node.AccessCounters.CountLogin(outcome);
            (CloseReason reason, string? error) = outcome.End();
            End(reason, error);
        }
        else if (Options.Fault is { } fault)
        {
            End(CloseReason.ProtocolViolation, fault);
        }
        else
        {
            _lines.Acknowledge(Options);
        }
    }
}

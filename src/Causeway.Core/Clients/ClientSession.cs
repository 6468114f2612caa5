using System.Runtime.CompilerServices;
using Causeway.Core.Access;
using Causeway.Core.Delivery;
using Causeway.Core.Memory;
using Causeway.Core.Protocol;
using Causeway.Core.Routing;
using Causeway.Core.Subscriptions;
using Causeway.Core.Transcripts;

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
    private readonly ClientPublishing _publishing;
    private Command _command;

    /// <summary>Begins a session at <paramref name="now"/> (milliseconds), in the default tenant if none is named, and queues its INFO, which is another over a WebSocket.</summary>
    public ClientSession(NodeContext node, ulong id, string address, int port, IClientTransport transport, long now, Tenant? tenant = null, bool webSocket = false)
    {
        // First what can fail, while nothing is booked.
        _info = new ClientInfo(node, id, address, webSocket);
        byte[] greeting = _info.Greeting();
        _node = node;
        Id = id;
        IsWebSocket = webSocket;
        Address = address;
        Port = port;
        Transport = transport;
        Tenant = tenant ?? node.DefaultTenant;
        Account = node.Budget.Open($"client:{id}");
        Account.Charge(MemoryUse.Connections, ConnectionBytes);
        Outbound = new OutboundQueue(node.Pool, Account);
        Limits = node.Limits;
        _lines = new ClientLines(this, Limits);
        _access = new ClientAccess(node, this, _info.Nonce, now);
        _delivery = new ClientDelivery(this, _access, Limits);
        _publishing = new ClientPublishing(this, _access, _lines);
        Subscriptions = new ClientSubscriptions(this, node, Account);
        Liveness = new ClientLiveness(Limits, now);
        _lines.Send(greeting);
    }

    /// <summary>The connection's number, unique in the node's life.</summary>
    public ulong Id { get; }

    /// <summary>True if it came over a WebSocket.</summary>
    public bool IsWebSocket { get; }

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

    /// <summary>How the connection is secured; null while it is in clear.</summary>
    public SecureChannel? Channel => _access.Channel;

    /// <summary>What it shares with the node's other clients.</summary>
    internal NodeContext Node => _node;

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
    public long InMessages => _publishing.Messages;

    /// <summary>Bytes of headers and payload that it sent.</summary>
    public long InBytes => _publishing.Bytes;

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
        Transcript? transcript = batch.Transcript;
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
                if (transcript is not null)
                {
                    WriteDown(transcript, rest);
                }

                if (_command.Verb == Verb.Pub || _command.Verb == Verb.Hpub)
                {
                    _publishing.Publish(rest, _command, batch);
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

    // Apart, so that it is not compiled into the way of every command.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteDown(Transcript transcript, ReadOnlySpan<byte> command) => transcript.Received(this, command, _command);

    /// <summary>
    /// Puts <paramref name="message"/> into the outbound queue for <paramref name="subscription"/>; false if it can't have it: it is denied
    /// to the client, the client is going, the subscription is over, or the client is too slow, which ends it.
    /// </summary>
    public bool Deliver(Subscription subscription, in Message message, DeliveryBatch batch) => _delivery.Deliver(subscription, message, batch);

    /// <summary>To be called now and then: sends a PING or closes a stale client when that is due.</summary>
    public void Check(DeliveryBatch batch)
    {
        if (Ending == CloseReason.None && _access.IsTooLate(batch.NowMilliseconds))
        {
            Conclude(LoginOutcome.TimedOut);
        }

        if (Ending != CloseReason.None)
        {
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

    /// <summary>The connection is secured at <paramref name="now"/>. On the client's own thread.</summary>
    public void OnSecured(SecureChannel channel, long now)
    {
        if (channel.LacksCertificate)
        {
            End(CloseReason.TlsCertificateMissing, ProtocolError.TlsCertificateRequired);
            return;
        }

        _access.OnSecured(channel, now);
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
    /// Other limits hold, or another configuration of who may come: ends the session if it may not stay, and else those subscriptions that it may not
    /// have any more. On the client's own thread.
    /// </summary>
    public void Reload(DeliveryBatch batch)
    {
        if (_access.Reload() is var outcome and not LoginOutcome.Accepted)
        {
            Conclude(outcome);
            return;
        }

        MoveTo(Tenant);
        Liveness.SetLimits(Limits, batch.NowMilliseconds);
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
        else if (reason == CloseReason.ProtocolViolation)
        {
            _node.Errors?.OnError(this, reason.Text());
        }

        Outbound.Close();
        Transport.Close(reason);
    }

    /// <summary>
    /// Gives back all that the session holds but its unsent blocks, which the transport discards before. True when it is done; else it is
    /// to be called again, so that a client with very many subscriptions does not keep others waiting.
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
        _lines.Limits = Limits;
        _delivery.Limits = Limits;
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
            // Nothing is to be said.
        }
        else if (outcome != LoginOutcome.Accepted)
        {
            _node.AccessCounters.CountLogin(outcome);
            (CloseReason reason, string? error) = outcome.End();
            _node.Watcher?.OnRefused(this, reason);
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

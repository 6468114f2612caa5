using System.Text;
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
        Subscriptions = new ClientSubscriptions(this, node, Account);
        Liveness = new ClientLiveness(node.Limits, now);
        Send(greeting);
    }

    /// <summary>The connection's number, unique in the node's life.</summary>
    public ulong Id { get; }

    /// <summary>The client's IP address.</summary>
    public string Address { get; }

    /// <summary>The client's port.</summary>
    public int Port { get; }

    /// <summary>The subject space that the client lives in.</summary>
    public Tenant Tenant { get; }

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
    public long OutMessages { get; private set; }

    /// <summary>Bytes of headers and payload delivered to it.</summary>
    public long OutBytes { get; private set; }

    /// <summary>
    /// Works through what was received and returns how much of it is done with; the rest is the beginning of a command, to be given
    /// again with more. <paramref name="needed"/> is the whole size of that command where it is known, else 0.
    /// </summary>
    public int Receive(ReadOnlySpan<byte> data, DeliveryBatch batch, out int needed)
    {
        needed = 0;
        int done = 0;
        Liveness.OnActivity(batch.NowMilliseconds);
        while (Ending == CloseReason.None && done < data.Length)
        {
            ReadOnlySpan<byte> rest = data[done..];
            ParseStatus status = CommandParser.TryRead(rest, _node.Limits, Options.Headers, ref _command);
            if (status == ParseStatus.Complete)
            {
                if (_command.Verb == Verb.Pub || _command.Verb == Verb.Hpub)
                {
                    Publish(rest, batch);
                }
                else
                {
                    Execute(rest, batch);
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
    /// Puts <paramref name="message"/> into the outbound queue for <paramref name="subscription"/>; false if it can't have it: the
    /// client is going, the subscription is over, or the client is too slow, which ends it.
    /// </summary>
    public bool Deliver(Subscription subscription, in Message message, DeliveryBatch batch)
    {
        OutboundQueue queue = Outbound;
        CloseReason fault;
        bool flush = false;
        bool over;
        long pending;
        lock (queue.Gate)
        {
            if (queue.IsClosed || subscription.IsOver)
            {
                return false;
            }

            fault = Append(subscription, message, batch);
            if (fault != CloseReason.None)
            {
                // Within the lock: behind a message that was left out, or is there in part, nothing may come.
                queue.Close();
            }
            else
            {
                OutMessages++;
                OutBytes += message.Size;
                subscription.Delivered++;
                flush = queue.MarkAppended();
            }

            over = subscription.IsOver;
            pending = queue.PendingBytes;
        }

        if (fault != CloseReason.None)
        {
            Transport.Close(fault);
            return false;
        }

        if (flush)
        {
            batch.Touch(Transport);
        }

        if (pending > _node.Limits.PausePendingBytes)
        {
            batch.Lagging = queue;
        }

        if (over)
        {
            Subscriptions.End(subscription);
        }

        return true;
    }

    /// <summary>To be called now and then: sends a PING or closes a stale client when that is due.</summary>
    public void Check(DeliveryBatch batch)
    {
        if (Ending != CloseReason.None)
        {
            return;
        }

        switch (Liveness.Check(batch.NowMilliseconds))
        {
            case ClientLiveness.Verdict.Ping:
                Send("PING\r\n"u8);
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
        if (_info.Changed(Options) is { } line)
        {
            Send(line);
            Transport.Flush();
        }
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
            SendError(error);
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

        Account.Release(MemoryUse.Connections, ConnectionBytes);
        _node.Budget.Close(Account);
        return true;
    }

    private void Execute(ReadOnlySpan<byte> data, DeliveryBatch batch)
    {
        switch (_command.Verb)
        {
            case Verb.Ping:
                Send("PONG\r\n"u8);
                if (_info.OnPong(Options) is { } line)
                {
                    Send(line);
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
                Acknowledge();
                break;
            case Verb.Connect:
                Connect(data.Slice(_command.SubjectStart, _command.SubjectLength));
                break;
            case Verb.Err:
                End(CloseReason.ClientClosed);
                break;
        }

        TouchIfAppended(batch);
    }

    private void Publish(ReadOnlySpan<byte> data, DeliveryBatch batch)
    {
        InMessages++;
        InBytes += _command.PayloadLength;
        ReadOnlySpan<byte> subject = data.Slice(_command.SubjectStart, _command.SubjectLength);
        if (Options.Verbose || Options.Pedantic)
        {
            CheckAndAcknowledge(subject, batch);
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
            Send(answer);
            TouchIfAppended(batch);
        }
    }

    private void CheckAndAcknowledge(ReadOnlySpan<byte> subject, DeliveryBatch batch)
    {
        if (Options.Pedantic && !Subject.IsLiteral(subject))
        {
            SendError(ProtocolError.InvalidPublishSubject);
        }

        Acknowledge();
        TouchIfAppended(batch);
    }

    private void Subscribe(ReadOnlySpan<byte> data)
    {
        string? error = Subscriptions.Add(
            data.Slice(_command.SubjectStart, _command.SubjectLength),
            data.Slice(_command.ReplyStart, _command.ReplyLength),
            data.Slice(_command.SidStart, _command.SidLength));
        if (error is not null)
        {
            SendError(error);
            return;
        }

        Acknowledge();
    }

    private void Connect(ReadOnlySpan<byte> json)
    {
        bool read = Options.TryApply(json);
        if (!read || Options.Fault is not null)
        {
            End(CloseReason.ProtocolViolation, read ? Options.Fault : null);
            return;
        }

        Acknowledge();
    }

    private void Acknowledge()
    {
        if (Options.Verbose)
        {
            Send("+OK\r\n"u8);
        }
    }

    private void SendError(string error) => Send(Encoding.UTF8.GetBytes($"-ERR '{error}'\r\n"));

    /// <summary>Queues a protocol line. A client that has no room for it is too slow.</summary>
    private void Send(ReadOnlySpan<byte> line)
    {
        CloseReason fault;
        lock (Outbound.Gate)
        {
            fault = Outbound.IsClosed ? CloseReason.None
                : !Outbound.HasRoomFor(line.Length, _node.Limits.MaxPendingBytes) ? CloseReason.SlowConsumerPendingBytes
                : Outbound.TryAppend(line) ? CloseReason.None : CloseReason.SlowConsumerMemory;
            if (fault != CloseReason.None)
            {
                Outbound.Close();
            }
        }

        if (fault != CloseReason.None)
        {
            Transport.Close(fault);
        }
    }

    private void TouchIfAppended(DeliveryBatch batch)
    {
        if (Outbound.MarkIfPending())
        {
            batch.Touch(Transport);
        }
    }

    private CloseReason Append(Subscription subscription, in Message message, DeliveryBatch batch)
    {
        bool headers = message.HasHeaders && Options.Headers;
        ReadOnlySpan<byte> tail = message.HasHeaders && !headers ? batch.Rewriter.WithoutHeaders(message) : message.Tail;
        MessageLine line = subscription.IsPattern
            ? new MessageLine(headers, message.Subject, subscription.SidField, tail)
            : new MessageLine(headers, default, subscription.SubjectAndSid, tail);
        return !Outbound.HasRoomFor(line.Length, _node.Limits.MaxPendingBytes) ? CloseReason.SlowConsumerPendingBytes
            : line.TryAppendTo(Outbound) ? CloseReason.None : CloseReason.SlowConsumerMemory;
    }
}

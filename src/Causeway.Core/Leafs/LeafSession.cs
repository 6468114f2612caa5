using System.Text;
using Causeway.Core.Access;
using Causeway.Core.Clients;
using Causeway.Core.Delivery;
using Causeway.Core.Links;
using Causeway.Core.Memory;
using Causeway.Core.Protocol;
using Causeway.Core.Regions;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Leafs;

/// <summary>
/// One leaf-node connection in either role, without its socket: says who it is, hears what the other side wants, tells what is wanted
/// here, and carries messages. Belongs to the loop of the leafs; <see cref="TrySend"/> may be called from any thread.
/// </summary>
public sealed partial class LeafSession : Subscriber, ILane
{
    private const int ErrorGapMilliseconds = 1000;

    private readonly LeafTable _table;
    private readonly ILaneTransport _transport;
    private readonly ClientLiveness _liveness;
    private readonly LeafEntry? _entry;
    private readonly long _began;
    private LeafLine _line;
    private LeafTeller? _teller;
    private PublishGate? _gate;
    private Permissions _permissions = Permissions.All;
    private string? _lastError;
    private long _errorAt = long.MinValue / 2;
    private long _pingsOut;
    private long _syncPing = -1;
    private long _loopSince = long.MaxValue;
    private volatile bool _isEnding;

    /// <summary>
    /// Begins a connection at <paramref name="now"/> (milliseconds). With <paramref name="remote"/> this side dialled, and
    /// <paramref name="other"/> is the hub's INFO; without, a server dialled in that was greeted with <paramref name="nonce"/>.
    /// </summary>
    public LeafSession(LeafTable table, ulong id, ILaneTransport transport, long now, LeafRemote? remote, LeafHello? other, string nonce)
    {
        _table = table;
        _transport = transport;
        _began = now;
        _movedAt = now;
        Id = id;
        Remote = remote;
        Other = other ?? new LeafHello();
        Role = remote is null ? LeafRole.Hub : LeafRole.Spoke;
        Account = table.Node.Budget.Open($"leaf:{id}");
        Account.Charge(MemoryUse.Connections, ClientSession.ConnectionBytes);
        _liveness = new ClientLiveness(table.Node.Limits, now);
        if (remote is null)
        {
            _entry = new LeafEntry(table, transport, nonce);
            State = LeafState.AwaitsConnect;
        }
        else
        {
            _permissions = remote.Permissions;
            State = LeafState.AwaitsHub;
        }

        table.Add(this);
    }

    /// <summary>The connection's number.</summary>
    public ulong Id { get; }

    /// <summary>Which end this node is.</summary>
    public LeafRole Role { get; }

    /// <summary>The hub as it is configured; null if the other side dialled in.</summary>
    public LeafRemote? Remote { get; }

    /// <summary>What the other side says of itself.</summary>
    public LeafHello Other { get; private set; }

    /// <summary>Where it is in its life.</summary>
    public LeafState State { get; private set; }

    /// <summary>The tenant, once it is up.</summary>
    public LeafTenant? Tenant { get; private set; }

    /// <summary>What the other side wants, once it is up.</summary>
    public LeafSubscriptions? Subscriptions { get; private set; }

    /// <summary>What the connection holds of the node's memory but its buffers, which are the transport's.</summary>
    public MemoryAccount Account { get; }

    /// <summary>What it has carried.</summary>
    public LeafCounters Counters { get; } = new();

    /// <summary>The other side's address.</summary>
    public string Address => _transport.RemoteAddress;

    /// <summary>Bytes that wait to be sent.</summary>
    public long PendingBytes => _transport.Queue.PendingBytes;

    /// <summary>The last measured round trip in milliseconds; -1 before the first.</summary>
    public long RoundTripMilliseconds => _liveness.RoundTripMilliseconds;

    /// <summary>When it began, in milliseconds of the loop's clock.</summary>
    public long Began => _began;

    /// <summary>True once the other side has all that was wanted when the connection began, and has said so.</summary>
    public bool IsInStep { get; private set; }

    /// <summary>Changes of interest that the other side may not know of; an upper bound.</summary>
    public long Lag => _teller?.Lag ?? 0;

    /// <summary>True if it ended because messages could go round.</summary>
    public bool IsLoop { get; private set; }

    /// <summary>True if it ended because the other side did not take what was sent.</summary>
    public bool IsSlow { get; private set; }

    /// <inheritdoc/>
    public int NeededBytes { get; private set; }

    /// <summary>False once it ends: what it wanted may stand in the tables for a while, and nothing is to be sent for it. Any thread.</summary>
    internal bool IsOpen => !_isEnding;

    /// <summary>Sends what the connection begins with: CONNECT if this side dialled, else <paramref name="info"/> unless it was sent before.</summary>
    public void Greet(ReadOnlySpan<byte> info)
    {
        if (Remote is null)
        {
            Send(info);
            _transport.Flush();
            return;
        }

        if (Other.ClientId == 0 || Other.LeafUrls is null)
        {
            End("the port is not one for leaf nodes");
            return;
        }

        LeafHello self = _table.Self with { TlsRequired = Other.TlsRequired };
        Send(self.ToConnect(Remote.Login, Remote.DeniedImports));
        Ping();
        _transport.Flush();
    }

    /// <inheritdoc/>
    public int Receive(ReadOnlySpan<byte> data, DeliveryBatch batch)
    {
        int done = 0;
        NeededBytes = 0;
        _liveness.OnActivity(batch.NowMilliseconds);
        while (!_isEnding && State != LeafState.LogsIn && done < data.Length)
        {
            ReadOnlySpan<byte> rest = data[done..];
            ParseStatus status = LeafParser.TryRead(rest, _table.Node.Limits, ref _line);
            if (status == ParseStatus.Incomplete)
            {
                NeededBytes = _line.Fields.Length;
                break;
            }

            if (status != ParseStatus.Complete)
            {
                (CloseReason reason, string? error) = ProtocolFault.Of(status);
                End(reason.Text(), error);
                break;
            }

            done += _line.Fields.Length;
            Take(rest, batch);
        }

        if (_transport.Queue.MarkIfPending())
        {
            batch.Touch(_transport);
        }

        return _isEnding ? data.Length : done;
    }

    /// <inheritdoc/>
    public int Fill(Span<byte> room, long now) => 0;

    /// <inheritdoc/>
    public bool OnWoken(long now)
    {
        bool waited = State == LeafState.LogsIn && !_isEnding;
        if (waited)
        {
            Conclude(_entry!.Decide());
        }

        Tell();
        return waited && State != LeafState.LogsIn;
    }

    /// <inheritdoc/>
    public void Check(long now)
    {
        if (_isEnding)
        {
            return;
        }

        if (State != LeafState.Up)
        {
            if (now - _began >= _table.Limits.HandshakeTimeout.TotalMilliseconds)
            {
                End(Role == LeafRole.Hub ? "it did not log in in time" : "the hub did not answer in time", Role == LeafRole.Hub ? ProtocolError.AuthenticationTimeout : null);
            }

            return;
        }

        EndLoop(now);
        CheckProgress(now);
        switch (_liveness.Check(now))
        {
            case ClientLiveness.Verdict.Ping:
                Ping();
                _transport.Flush();
                break;
            case ClientLiveness.Verdict.Stale:
                End("it did not answer", ProtocolError.StaleConnection);
                break;
        }

        Tell();
    }

    /// <inheritdoc/>
    public void OnClosed(string reason, ReadOnlySpan<byte> rest)
    {
        _isEnding = true;
        _entry?.Cancel();
        _teller?.Release();
        _teller = null;
        State = LeafState.Closed;
        _table.OnClosed(this, _lastError ?? reason);
    }

    /// <summary>Ends the connection for <paramref name="reason"/>, with an error to the other side if there is one to tell.</summary>
    public void End(string reason, string? error = null)
    {
        if (_isEnding)
        {
            return;
        }

        _isEnding = true;
        if (error is not null)
        {
            SendError(error);
        }

        _lastError ??= reason;
        _transport.Flush();
        _transport.Queue.Close();
        _transport.Close(reason);
    }

    /// <summary>True if the other side may know what <paramref name="other"/> wants: hubs learn nothing of hubs, nor servers of their own cluster.</summary>
    internal bool MayLearnOf(LeafSession other) => !(Role == LeafRole.Spoke && other.Role == LeafRole.Spoke) && !IsClusterOf(other);

    /// <summary>True if both are of one cluster, whose servers tell each other themselves.</summary>
    internal bool IsClusterOf(LeafSession? other) => other is not null && Other.Cluster.Length > 0 && Other.Cluster == other.Other.Cluster;

    /// <summary>True unless messages on all of <paramref name="subject"/> would be refused anyway.</summary>
    internal bool MayTell(ReadOnlySpan<byte> subject) => _permissions.PublishDeny is not { } denied || !denied.Covers(subject);

    /// <summary>Gives back all that it holds but its buffers, a part at a time; true when it is done.</summary>
    internal bool Release(int mostSubscriptions)
    {
        if (Subscriptions is not null && !Subscriptions.RemoveSome(mostSubscriptions))
        {
            return false;
        }

        Tenant?.Remove(this);
        Account.Release(MemoryUse.Connections, ClientSession.ConnectionBytes + (_gate is null ? 0 : PublishGate.MemoryBytes));
        _table.Node.Budget.Close(Account);
        return true;
    }

    private void Take(ReadOnlySpan<byte> data, DeliveryBatch batch)
    {
        ReadOnlySpan<byte> argument = data.Slice(_line.Fields.SubjectStart, _line.Fields.SubjectLength);
        switch (_line.Verb)
        {
            case LeafVerb.Ping:
                Send("PONG\r\n"u8);
                return;
            case LeafVerb.Pong:
                OnPong(batch.NowMilliseconds);
                return;
            case LeafVerb.Err:
                OnError(Encoding.UTF8.GetString(argument).Trim().Trim('\''));
                return;
            case LeafVerb.Info:
                OnInfo(argument);
                return;
            case LeafVerb.Connect:
                OnConnect(argument);
                return;
            case LeafVerb.Ok:
                return;
        }

        if (State == LeafState.AwaitsHub)
        {
            // A hub that is older than the INFO that answers CONNECT begins at once.
            Establish(Remote!.Tenant);
        }

        if (State != LeafState.Up)
        {
            End("it did not say who it is", ProtocolError.AuthorizationViolation);
            return;
        }

        ReadOnlySpan<byte> queue = data.Slice(_line.Fields.ReplyStart, _line.Fields.ReplyLength);
        switch (_line.Verb)
        {
            case LeafVerb.Subscribe:
                Subscribe(argument, queue, batch.NowMilliseconds);
                break;
            case LeafVerb.Unsubscribe:
                Subscriptions!.Remove(argument, queue);
                _loopSince = argument.SequenceEqual(Tenant!.LoopSubject) ? long.MaxValue : _loopSince;
                break;
            default:
                Publish(data, argument, batch);
                break;
        }
    }

    private void Subscribe(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue, long now)
    {
        if (subject.SequenceEqual(Tenant!.LoopSubject))
        {
            _loopSince = now;
            EndLoop(now);
            return;
        }

        if (!Subject.Check(subject, out bool isPattern) || (isPattern && subject.Count(Subject.Separator) >= Limits.MaxPatternTokens))
        {
            Refuse(ProtocolError.InvalidSubject, now);
        }
        else if (!_permissions.IsUnlimited && !IsInternal(subject) && !_permissions.MaySubscribe(subject, queue))
        {
            Refuse(ProtocolError.SubscriptionViolation(subject, queue), now);
        }
        else if (Subscriptions!.Count >= _table.MaxSubscriptionsOf(Tenant.Tenant) || _table.Node.Governor.RefusesNew || Tenant.Tenant.IsOverShare
            || !Subscriptions.TryAdd(subject, queue, _line.Weight, isPattern))
        {
            Refuse(ProtocolError.MaxSubscriptions, now);
        }
    }

    /// <summary>Counts, and says so at most once a second: who dumps a million subjects is not answered a million times.</summary>
    private void Refuse(string error, long now)
    {
        Counters.CountRefusedSubscription();
        if (Counters.RefusedSubscriptions == 1)
        {
            _table.Host.OnRefusing(this);
        }

        if (now - _errorAt >= ErrorGapMilliseconds)
        {
            _errorAt = now;
            SendError(error);
        }
    }

    private void Publish(ReadOnlySpan<byte> data, ReadOnlySpan<byte> subject, DeliveryBatch batch)
    {
        ref Command fields = ref _line.Fields;
        Counters.CountIn(fields.PayloadLength);
        if (subject.StartsWith("$CW."u8) || (_gate is not null && !_gate.Allows(subject)))
        {
            Counters.CountRefusedMessage();
            return;
        }

        bool passesOn = fields.TailIsCanonical && (_line.Verb == LeafVerb.Message || fields.HeaderLength > 0);
        Message message = passesOn
            ? new Message(subject, data[fields.TailStart..fields.Length], fields.PayloadLength, fields.HeaderLength, fields.ReplyLength)
            : batch.Rewriter.Canonical(data, fields);
        Router.Publish(this, message, new LeafQueues(data.Slice(_line.QueuesStart, _line.QueuesLength)), batch);
    }

    /// <summary>What servers want of each other for replies and against loops is allowed to every user, as in nats-server.</summary>
    private static bool IsInternal(ReadOnlySpan<byte> subject) =>
        subject.StartsWith("$LDS."u8) || subject.StartsWith("_GR_."u8) || subject.StartsWith("$GR."u8) || ReturnPath.IsOn(subject);
}

using Causeway.Core.Delivery;
using Causeway.Core.Links;
using Causeway.Core.Memory;

namespace Causeway.Simulation.World;

/// <summary>One end of a connection between two nodes: bounded buffers, and bytes that travel in virtual time.</summary>
internal sealed class SimLane : ILaneTransport
{
    private const int WindowBytes = 64 * 1024;
    private const int FillBytes = 32 * 1024;
    private const int SegmentBytes = 16 * 1024;
    private const long FlushMilliseconds = 100;
    private const long RetryMilliseconds = 200;
    private const int JoinedOneIn = 3;

    private readonly SimNode _node;
    private readonly List<byte> _received = [];
    private readonly MemoryAccount _account;
    private readonly byte[] _fill = new byte[FillBytes];
    private readonly Queue<byte[]> _travelling = new();
    private Block? _unsent;
    private ILane _lane = null!;
    private SimLane _peer = null!;
    private SimWire _wire = null!;
    private int _inFlight;
    private bool _pumpDue;
    private bool _closing;
    private string _reason = "";

    public SimLane(SimNode node, string remoteAddress)
    {
        _node = node;
        RemoteAddress = remoteAddress;
        _account = node.Context.Budget.Open($"link:{remoteAddress}");
        Queue = new OutboundQueue(node.Context.Pool, _account);
    }

    public OutboundQueue Queue { get; }

    public string RemoteAddress { get; }

    public long SentBytes => Queue.SentBytes;

    public long HeldBytes => _account.Bytes;

    public bool IsOver { get; private set; }

    public SimNode Node => _node;

    public void Connect(SimLane peer, SimWire wire) => (_peer, _wire) = (peer, wire);

    public void Begin(ILane lane) => _lane = lane;

    public void Become(ILane lane) => _lane = lane;

    public void Flush() => SchedulePump();

    public void Wake() => SchedulePump();

    public void Close(string reason)
    {
        if (!_closing)
        {
            _closing = true;
            _reason = reason;
            Pump();
            _node.World.Clock.After(FlushMilliseconds, () => End(_reason, tellPeer: true));
        }
    }

    public void Check()
    {
        if (!IsOver && !_closing)
        {
            _node.Mesh.Now = _node.Now;
            _lane.Check(_node.Now);
        }
    }

    /// <summary>The connection ends at once on this side.</summary>
    public void End(string reason, bool tellPeer)
    {
        if (IsOver)
        {
            return;
        }

        IsOver = true;
        _closing = true;
        _node.Lanes.Remove(this);
        Queue.TryEndSending();
        Queue.Discard(_unsent);
        _unsent = null;
        _node.Mesh.Now = _node.Now;
        _lane.OnClosed(reason, _received.ToArray());
        _node.Context.Budget.Close(_account);
        if (tellPeer && !_wire.IsBlocked)
        {
            _node.World.Clock.After(_wire.LatencyMilliseconds, () =>
            {
                if (!_wire.IsBlocked)
                {
                    _peer.End("the other side closed the connection", tellPeer: false);
                }
            });
        }
    }

    private void SchedulePump()
    {
        if (!_pumpDue && !IsOver)
        {
            _pumpDue = true;
            _node.World.Clock.After(0, Pump);
        }
    }

    private void Pump()
    {
        _pumpDue = false;
        while (!IsOver && _inFlight < WindowBytes)
        {
            _node.Mesh.Now = _node.Now;
            int filled = _lane.Fill(_fill, _node.Now);
            byte[] bytes = filled > 0 ? _fill[..filled] : TakeQueued();
            if (bytes.Length == 0)
            {
                return;
            }

            Send(bytes);
        }
    }

    private byte[] TakeQueued()
    {
        Block? block = _unsent;
        if (block is null)
        {
            block = Queue.BeginSend();
        }
        else
        {
            Queue.ResumeSend();
        }

        if (block is null)
        {
            return [];
        }

        List<byte> taken = [];
        while (block is not null && taken.Count < SegmentBytes)
        {
            int part = Math.Min(block.Length, SegmentBytes - taken.Count);
            taken.AddRange(block.Used[..part]);
            block.Start += part;
            if (block.Length > 0)
            {
                break;
            }

            block = Queue.ReturnFirst(block);
        }

        // With blocks left the queue stays with the sender, as with a socket that is full.
        _unsent = block;
        Block? more = Queue.EndSend(taken.Count, block);
        _unsent ??= more;
        return [.. taken];
    }

    private void Send(byte[] bytes)
    {
        SimClock clock = _node.World.Clock;
        _inFlight += bytes.Length;
        _node.World.BytesOnWires += bytes.Length;
        long start = Math.Max(clock.Now, _wire.FreeAt);
        long takes = _wire.BytesPerSecond > 0 ? bytes.Length * 1000L / _wire.BytesPerSecond : 0;
        _wire.FreeAt = start + takes;
        _travelling.Enqueue(bytes);
        Arrive(_wire.FreeAt + _wire.LatencyMilliseconds - clock.Now);
    }

    private void Arrive(long after) => _node.World.Clock.After(after, () =>
    {
        if (_wire.IsBlocked && !IsOver)
        {
            // TCP tries again until the wire is free or somebody gives up.
            Arrive(RetryMilliseconds);
            return;
        }

        byte[] bytes = TakeTravelled();
        _inFlight -= bytes.Length;
        if (!_wire.IsBlocked && bytes.Length > 0)
        {
            _peer.Receive(bytes);
        }

        SchedulePump();
    });

    /// <summary>
    /// The first of what travels, whatever event this is, as bytes never overtake each other; now and then with more of it, as TCP
    /// joins what was sent apart. So an event may find nothing left.
    /// </summary>
    private byte[] TakeTravelled()
    {
        if (!_travelling.TryDequeue(out byte[]? first))
        {
            return [];
        }

        List<byte> joined = [.. first];
        while (_travelling.Count > 0 && _node.World.Random.Next(JoinedOneIn) == 0)
        {
            joined.AddRange(_travelling.Dequeue());
        }

        return [.. joined];
    }

    private void Receive(byte[] bytes)
    {
        if (IsOver || _closing)
        {
            return;
        }

        _received.AddRange(bytes);
        _node.Mesh.Now = _node.Now;
        _node.Batch.NowMilliseconds = _node.Now;
        while (true)
        {
            ILane before = _lane;
            byte[] data = [.. _received];
            int done = _lane.Receive(data, _node.Batch);
            _received.RemoveRange(0, Math.Min(done, _received.Count));
            if (before == _lane || _received.Count == 0)
            {
                break;
            }
        }

        _node.Batch.Flush();
        SchedulePump();
    }
}

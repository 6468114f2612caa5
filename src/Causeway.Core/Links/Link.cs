using Causeway.Core.Regions;

namespace Causeway.Core.Links;

/// <summary>
/// A link between this node and another: a control lane for heartbeats, members and interest, and a data lane for messages, so that
/// neither waits for the other. Changed by its loop only; the properties may be read by any thread.
/// </summary>
public sealed class Link
{
    private readonly Mesh _mesh;
    private DataLane? _data;
    private long? _messagesDue;

    internal Link(Mesh mesh, NodeCard peer, bool isWan, bool isOutgoing, byte[] token, ILaneTransport control, long now)
    {
        _mesh = mesh;
        Peer = peer;
        IsWan = isWan;
        IsOutgoing = isOutgoing;
        Token = token;
        Control = control;
        UpSince = now;
        Meter = new LinkMeter(mesh.Limits, isWan, now);
    }

    /// <summary>The node on the other side.</summary>
    public NodeCard Peer { get; }

    /// <summary>True for a link between regions.</summary>
    public bool IsWan { get; }

    /// <summary>True if this node dialled. Over a WAN link messages go from the dialling side to the other, and interest the other way.</summary>
    public bool IsOutgoing { get; }

    /// <summary>What its data lane begins with.</summary>
    public byte[] Token { get; }

    /// <summary>Its control lane's connection.</summary>
    public ILaneTransport Control { get; }

    /// <summary>When it came up, in milliseconds of the mesh's clock.</summary>
    public long UpSince { get; }

    /// <summary>What was measured.</summary>
    public LinkMeter Meter { get; }

    /// <summary>What goes over the control lane.</summary>
    public LinkSession Session { get; internal set; } = null!;

    /// <summary>The data lane, while it is open.</summary>
    public DataLane? Data
    {
        get => Volatile.Read(ref _data);
        internal set => Volatile.Write(ref _data, value);
    }

    /// <summary>True once it is ended.</summary>
    public bool IsDown { get; internal set; }

    /// <summary>The mesh's time in milliseconds.</summary>
    internal long Now => _mesh.Now;

    /// <summary>The node that dialled.</summary>
    internal ulong Initiator => IsOutgoing ? _mesh.Self.Id : Peer.Id;

    /// <summary>Ends the link.</summary>
    public void Close(string reason)
    {
        Data?.Close(reason);
        Control.Close(reason);
    }

    /// <summary>
    /// The other node goes away and has sent <paramref name="messages"/>. The lanes don't wait for each other, so some of them may be
    /// on their way still.
    /// </summary>
    internal void OnGoodbye(ulong messages)
    {
        _messagesDue = (long)Math.Min(messages, long.MaxValue);
        EndIfLeft();
    }

    /// <summary>Ends the link if the other node goes away and all that it sent is here.</summary>
    internal void EndIfLeft()
    {
        if (_messagesDue is { } due && (due == 0 || Data?.ReceivedMessages >= due))
        {
            _mesh.OnLeft(this);
        }
    }

    internal void OnDataLaneClosed(DataLane lane, string reason)
    {
        if (Data == lane)
        {
            Close($"its data lane ended: {reason}");
        }
    }
}

using System.Buffers.Binary;
using Causeway.Core.Delivery;
using Causeway.Core.Links;
using Causeway.Core.Memory;
using Causeway.Core.Tests.Regions;
using Xunit;

namespace Causeway.Core.Tests.Links;

/// <summary>A connection of a node that a test holds the other end of: what is given arrives in one read, what is taken was written.</summary>
internal sealed class HandLane : ILaneTransport
{
    private readonly LoneMesh _node;
    private readonly List<byte> _rest = [];
    private readonly byte[] _room = new byte[64 * 1024];
    private ILane _lane = null!;

    public HandLane(LoneMesh node, LinkDial? dial)
    {
        _node = node;
        MemoryAccount account = node.Node.Budget.Open("link");
        Queue = new OutboundQueue(node.Node.Pool, account);
        Become(new ControlLane(node.Mesh, this, dial, node.Mesh.Now));
    }

    public OutboundQueue Queue { get; }

    public string RemoteAddress => "10.0.0.2:7000";

    public long SentBytes => 0;

    public long HeldBytes => 0;

    /// <summary>Why the node ended the connection; null while it has not.</summary>
    public string? ClosedFor { get; private set; }

    public void Become(ILane lane) => _lane = lane;

    public void Wake()
    {
        // The test takes what is due when it wants it.
    }

    public void Flush()
    {
    }

    public void Close(string reason) => ClosedFor ??= reason;

    /// <summary>What the other side of a handshake writes now.</summary>
    public static byte[] Written(LinkHandshake handshake)
    {
        byte[] room = new byte[2048];
        return room[..handshake.TryWrite(room)];
    }

    /// <summary>Both sides of a handshake say what is due until <paramref name="isOver"/>.</summary>
    public void Turn(LinkHandshake other, Func<bool> isOver)
    {
        for (int turn = 0; !isOver(); turn++)
        {
            Assert.True(turn < 10, $"the handshake does not end: {other.Step} {other.RefusalText}");
            if (other.WantsToWrite)
            {
                Give(Written(other));
            }

            foreach ((LinkFrameKind kind, byte[] frame) in Take().TakeWhile(_ => !isOver()))
            {
                other.OnFrame(kind, frame);
            }
        }
    }

    /// <summary>The regular look at a time.</summary>
    public void Check(long now)
    {
        _node.Mesh.Now = now;
        _lane.Check(now);
    }

    /// <summary>These frames arrive together.</summary>
    public void Give(params byte[][] frames)
    {
        foreach (byte[] frame in frames)
        {
            _rest.AddRange(frame);
        }

        int done = _lane.Receive(_rest.ToArray(), _node.Node.Batch);
        _rest.RemoveRange(0, done);
    }

    /// <summary>All frames that the node writes now.</summary>
    public List<(LinkFrameKind Kind, byte[] Frame)> Take()
    {
        List<(LinkFrameKind, byte[])> frames = [];
        while (_lane.Fill(_room, _node.Mesh.Now) is > 0 and int filled)
        {
            for (int at = 0; at < filled;)
            {
                int length = BinaryPrimitives.ReadInt32LittleEndian(_room.AsSpan(at));
                frames.Add(((LinkFrameKind)_room[at + 4], _room[at..(at + length)]));
                at += length;
            }
        }

        return frames;
    }
}

using Causeway.Core.Interest;
using Causeway.Core.Links;
using Causeway.Core.Regions;
using Causeway.Core.Tests.Interest;
using Causeway.Core.Tests.Regions;
using Xunit;

namespace Causeway.Core.Tests.Links;

/// <summary>
/// Two nodes dial each other at once. The one with the greater number finds that there is a link already as its own handshake ends, and what
/// the other side said behind that end is read with it.
/// </summary>
public sealed class DuplicateLinkTests
{
    private static readonly NodeCard Self = new(2, "e2", "east", "10.0.0.2:7000", "10.0.0.2:4222");
    private static readonly NodeCard Peer = new(1, "e1", "east", "10.0.0.1:7000", "10.0.0.1:4222");
    private static readonly LinkDial ToPeer = new("10.0.0.1:7000", "east", false);
    private static readonly LinkDial ToSelf = new("10.0.0.2:7000", "east", false);

    private readonly LoneMesh _node = new(Self);
    private readonly HandLane _refused;
    private readonly HandLane _living;
    private readonly byte[] _accepted;

    public DuplicateLinkTests()
    {
        // What this node dialled is accepted by the other, but that is still on its way when the other's own link comes up here.
        _refused = new HandLane(_node, ToPeer);
        LinkHandshake there = Handshake(null);
        _refused.Turn(there, () => there.Step == HandshakeStep.Judge);
        there.Accept(new byte[LinkHandshake.TokenBytes]);
        _accepted = HandLane.Written(there);
        _living = new HandLane(_node, null);
        LinkHandshake other = Handshake(ToSelf);
        _living.Turn(other, () => other.Step == HandshakeStep.Done);
        Assert.Equal(["e1"], _node.Ups);
    }

    [Fact]
    public void What_is_said_on_a_link_that_is_turned_down_takes_no_table_from_the_one_that_lives()
    {
        _living.Give(Open(7));
        byte[] state = _living.Take().Single(frame => frame.Kind == LinkFrameKind.StreamState).Frame;

        _refused.Give(_accepted, Open(1));

        Assert.Equal("there is a link already", _refused.ClosedFor);
        InterestTable table = new(new FingerprintKey(LoneMesh.Key.FingerprintSecret), 5, TestInterest.NewAccount());
        table.AddLiteral(TestInterest.Literal(1));
        using InterestSender sender = new(table, TestInterest.NewAccount());
        Assert.Null(sender.OnState(Body(state)));
        byte[] part = new byte[InterestWire.MaxBlockBytes];
        while (sender.TryWrite(part) is > 0 and int length)
        {
            _living.Give(Stream(LinkFrameKind.StreamFrame, 7, part.AsSpan(0, length)));
        }

        Assert.True(Source().Wants(TestInterest.Literal(1)), "the table is told over a link that nobody listens to any more");
        Assert.Contains(_living.Take(), frame => frame.Kind == LinkFrameKind.StreamReply);
        Assert.Null(_living.ClosedFor);
    }

    [Fact]
    public void Nor_does_a_goodbye_there_end_anything()
    {
        _refused.Give(_accepted, Goodbye());
        _node.Mesh.Check(1000);
        Assert.Null(_living.ClosedFor);
        Assert.Equal([1UL, 2UL], _node.Mesh.LiveNodes.Order());
        Assert.Empty(_node.Downs);
    }

    [Fact]
    public void When_the_link_that_was_turned_down_ends_the_living_one_stays()
    {
        _refused.Give(_accepted);
        Assert.Equal("there is a link already", _refused.ClosedFor);
        Assert.Single(_node.Mesh.Links);
        Assert.Empty(_node.Downs);
    }

    private static LinkHandshake Handshake(LinkDial? dial) => new(Peer, LoneMesh.Key, dial, new byte[16]);

    private static byte[] Body(byte[] streamFrame) => streamFrame[(FrameWriter.HeaderBytes + 2)..];

    private static byte[] Open(ushort id)
    {
        byte[] room = new byte[64];
        FrameWriter writer = new(room, LinkFrameKind.StreamOpen);
        writer.UInt16(id);
        writer.Byte((byte)StreamKind.Node);
        writer.Text("");
        return room[..writer.End()];
    }

    private static byte[] Goodbye()
    {
        byte[] room = new byte[64];
        FrameWriter writer = new(room, LinkFrameKind.Goodbye);
        writer.UInt64(0);
        return room[..writer.End()];
    }

    private static byte[] Stream(LinkFrameKind kind, ushort id, ReadOnlySpan<byte> body)
    {
        byte[] room = new byte[LinkLimits.MaxControlFrameBytes];
        FrameWriter writer = new(room, kind);
        writer.UInt16(id);
        writer.Bytes(body);
        return room[..writer.End()];
    }

    private InterestSource Source() => Assert.Single(_node.Mesh.Interest.Sources);
}

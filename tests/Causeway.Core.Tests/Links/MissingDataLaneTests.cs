using Causeway.Core.Links;
using Causeway.Core.Tests.Regions;
using Xunit;

namespace Causeway.Core.Tests.Links;

/// <summary>
/// A link whose data lane does not come: the opening of one was lost, and the side that dialled takes it for open. Without an end both
/// would count on each other for ever, and no message would arrive.
/// </summary>
public sealed class MissingDataLaneTests
{
    private readonly LoneMesh _node = new(new NodeCard(1, "e1", "east", "10.0.0.1:7000", "10.0.0.1:4222"));
    private readonly HandLane _lane;
    private readonly byte[] _token;

    public MissingDataLaneTests()
    {
        _lane = new HandLane(_node, null);
        NodeCard peer = new(2, "e2", "east", "10.0.0.2:7000", "10.0.0.2:4222");
        LinkHandshake there = new(peer, LoneMesh.Key, new LinkDial("10.0.0.1:7000", "east", false), new byte[16]);
        _lane.Turn(there, () => there.Step == HandshakeStep.Done);
        _token = there.Token;
    }

    [Fact]
    public void A_link_ends_whose_data_lane_does_not_come()
    {
        Live(0, 9900);
        Assert.Null(_lane.ClosedFor);
        Live(9900, 10_000);
        Assert.Equal("its data lane did not come within 10000 ms", _lane.ClosedFor);
    }

    [Fact]
    public void A_link_lives_whose_data_lane_comes()
    {
        Live(0, 8000);
        HandLane data = new(_node, null);
        byte[] room = new byte[64];
        FrameWriter attach = new(room, LinkFrameKind.Attach);
        attach.Bytes(_token);
        data.Give(room[..attach.End()]);
        Live(8000, 30_000);
        Assert.Null(_lane.ClosedFor);
        Assert.Null(data.ClosedFor);
    }

    /// <summary>Time goes by, while the other side's heart beats.</summary>
    private void Live(long from, long to)
    {
        byte[] room = new byte[64];
        for (long now = from; now <= to; now += 100)
        {
            _node.Mesh.Now = now;
            FrameWriter beat = new(room, LinkFrameKind.Ping);
            beat.UInt64((ulong)now);
            _lane.Give(room[..beat.End()]);
            _lane.Check(now);
            _lane.Take();
        }
    }
}

using System.Net;
using Causeway.Shaper;

namespace Causeway.Compare.Regions;

/// <summary>
/// What lies between two regions: a shaper before each, since either may dial the other. Both are one link: their figures are added,
/// and each has the conditions by itself.
/// </summary>
internal sealed class WanLink : IAsyncDisposable
{
    public WanLink(int eastPort, int westPort, LinkConditions? conditions = null)
    {
        ToEast = LinkShaper.Start(new IPEndPoint(IPAddress.Loopback, eastPort), conditions);
        ToWest = LinkShaper.Start(new IPEndPoint(IPAddress.Loopback, westPort), conditions);
    }

    public LinkShaper ToEast { get; }

    public LinkShaper ToWest { get; }

    /// <summary>Bytes that either side has put on the link.</summary>
    public long Bytes => Both.Sum(shaper => shaper.Forward.BytesReceived + shaper.Backward.BytesReceived);

    /// <summary>Those of the west, which in most scenarios tells what it subscribes to.</summary>
    public long BytesOfWest => ToEast.Forward.BytesReceived + ToWest.Backward.BytesReceived;

    public long Accepted => Both.Sum(shaper => shaper.Accepted);

    private LinkShaper[] Both => [ToEast, ToWest];

    public void Set(LinkConditions conditions) => Each(shaper => shaper.Conditions = conditions);

    public void Stall() => Each(shaper => shaper.Stall());

    public void Refuse() => Each(shaper => shaper.Refuse());

    public void Resume() => Each(shaper => shaper.Resume());

    public void Cut() => Each(shaper => shaper.Cut());

    public async ValueTask DisposeAsync()
    {
        await ToEast.DisposeAsync();
        await ToWest.DisposeAsync();
    }

    private void Each(Action<LinkShaper> action)
    {
        foreach (LinkShaper shaper in Both)
        {
            action(shaper);
        }
    }
}

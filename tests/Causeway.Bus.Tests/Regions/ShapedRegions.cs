using System.Net;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Links;
using Causeway.Core.Regions;
using Causeway.Shaper;

namespace Causeway.Bus.Tests.Regions;

/// <summary>Regions a and b of one node each, whose links both go through shapers.</summary>
internal sealed class ShapedRegions : IAsyncDisposable
{
    private ShapedRegions()
    {
    }

    public TestDeployment Deployment { get; } = new();

    /// <summary>The way to a, and the way to b.</summary>
    public List<LinkShaper> Ways { get; } = [];

    public TestNode A => Deployment["a0"];

    public TestNode B => Deployment["b0"];

    /// <summary>Bytes that have gone either way on both.</summary>
    public long Bytes => Ways.Sum(way => way.Forward.BytesDelivered + way.Backward.BytesDelivered);

    public static async Task<ShapedRegions> StartAsync(LinkLimits limits, LinkConditions? conditions = null)
    {
        ShapedRegions regions = new();
        int[] ports = [FreePorts.Take(), FreePorts.Take()];
        foreach (int port in ports)
        {
            regions.Ways.Add(LinkShaper.Start(new IPEndPoint(IPAddress.Loopback, port), conditions));
        }

        string[] names = ["a", "b"];
        for (int i = 0; i < names.Length; i++)
        {
            string other = names[1 - i];
            string otherAddress = regions.Ways[1 - i].Address.ToString();
            string advertise = regions.Ways[i].Address.ToString();
            int port = ports[i];
            await regions.Deployment.StartAsync(
                $"{names[i]}0", names[i], remotes: [(other, otherAddress)], limits: limits,
                configure: links => links with { Listen = new IPEndPoint(IPAddress.Loopback, port), Advertise = advertise });
        }

        await regions.LinkedAsync();
        return regions;
    }

    public static InterestSource? Source(TestNode node) => node.Bus.Mesh!.Context.Remote.Sources.FirstOrDefault(source => source.IsRegion);

    public Task LinkedAsync() => Eventually.TrueAsync(() => new[] { A, B }.All(node => Source(node) is { IsKnown: true, IsReachable: true }));

    /// <summary>Waits until a knows as many literals of b's.</summary>
    public Task KnownAsync(long literals) => Eventually.TrueAsync(
        () => Source(A) is { IsReachable: true } source && source.Tables.Sum(table => table.Table.Literals) == literals,
        Eventually.Deadline,
        () => $"({literals} were due, a knows {Source(A)?.Tables.Sum(table => table.Table.Literals)})");

    /// <summary>What b tells a of its region.</summary>
    public ExportStream? Told() => B.Bus.Mesh!.AskAsync(mesh => mesh.Links.Where(link => link is { IsWan: true, IsOutgoing: false })
        .SelectMany(link => link.Session.Exports).FirstOrDefault()).GetAwaiter().GetResult();

    /// <summary>Memory of the control lanes of a node's links.</summary>
    public static long ControlBytes(TestNode node) => node.Bus.Mesh!.AskAsync(mesh => mesh.Links.Sum(link => link.Control.HeldBytes)).GetAwaiter().GetResult();

    public async Task EndAsync()
    {
        foreach (LinkShaper way in Ways)
        {
            way.Resume();
        }

        await Deployment.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Deployment.DisposeAsync();
        foreach (LinkShaper way in Ways)
        {
            await way.DisposeAsync();
        }
    }
}

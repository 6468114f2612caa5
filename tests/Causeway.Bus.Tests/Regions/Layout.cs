using System.Net;
using System.Text;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Regions;
using Causeway.Core.Routing;
using Causeway.Core.Subscriptions;

namespace Causeway.Bus.Tests.Regions;

/// <summary>The deployments that the tests of regions begin with, and what their nodes know of each other.</summary>
internal static class Layout
{
    public static InterestSource? Region(TestDeployment deployment, string name, string region) =>
        deployment[name].Bus.Mesh!.Context.Remote.Sources.FirstOrDefault(source => source.Region == region);

    public static async Task RegionOfAsync(TestDeployment deployment, string region, int nodes)
    {
        for (int i = 0; i < nodes; i++)
        {
            // At a port that nobody else is given, so that a node can come back at its address.
            IPEndPoint address = new(IPAddress.Loopback, FreePorts.Take());
            await deployment.StartAsync($"{region}{i}", region, peers: i == 0 ? [] : [$"{region}{i - 1}"], configure: links => links with { Listen = address });
        }

        for (int i = 0; i < nodes; i++)
        {
            await Eventually.TrueAsync(() => deployment[$"{region}{i}"].Bus.Mesh!.Context.Remote.Sources.Count(source => !source.IsRegion && source.IsKnown) == nodes - 1);
        }
    }

    /// <summary>Region a of two nodes, and region b of one that was told of a.</summary>
    public static async Task TwoRegionsAsync(TestDeployment deployment)
    {
        await RegionOfAsync(deployment, "a", 2);
        await deployment.StartAsync("b0", "b", remotes: [("a", "a0")]);
        await LinkedAsync(deployment, "a0", "b");
        await LinkedAsync(deployment, "a1", "b");
        await LinkedAsync(deployment, "b0", "a");
    }

    public static async Task LinkedAsync(TestDeployment deployment, string name, params string[] regions)
    {
        foreach (string region in regions)
        {
            await Eventually.TrueAsync(() => Region(deployment, name, region) is { IsKnown: true, IsReachable: true });
        }
    }

    public static Route Find(TestDeployment deployment, string name, string subject)
    {
        TestNode node = deployment[name];
        byte[] bytes = Encoding.UTF8.GetBytes(subject);
        Tenant tenant = node.Bus.Context.DefaultTenant;
        Route route = new();
        uint hash = tenant.Subscriptions.Hash.Of(bytes);
        tenant.Subscriptions.Match(bytes, hash, route);
        tenant.Remote!.Match(tenant, bytes, hash, tenant.Remote.Fingerprints.Of(tenant.NameBytes.Span, bytes), route);
        return route;
    }

    public static Task KnownAsync(TestDeployment deployment, string name, string subject, int nodes, int regions, int groups = 0) => Eventually.TrueAsync(
        () => Find(deployment, name, subject).Remote is { } remote
            ? (remote.Nodes.Count, remote.Regions.Count, remote.Groups.Length) == (nodes, regions, groups)
            : (nodes, regions, groups) == (0, 0, 0));
}

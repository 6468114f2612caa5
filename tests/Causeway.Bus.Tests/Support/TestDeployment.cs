using System.Net;
using System.Text;
using System.Text.Json;
using Causeway.Bus.Health;
using Causeway.Bus.Links;
using Causeway.Bus.Monitoring;
using Causeway.Bus.Nodes;
using Causeway.Core.Access;
using Causeway.Core.Alarms;
using Causeway.Core.Interest;
using Causeway.Core.Links;
using Causeway.Core.Regions;
using Causeway.Core.Subjects;

namespace Causeway.Bus.Tests.Support;

/// <summary>
/// Nodes of several regions in this process, linked over the loopback interface, each with its monitoring pages. Ends with
/// <see cref="EndAsync"/>, which asserts that no memory leaked.
/// </summary>
internal sealed class TestDeployment : IAsyncDisposable
{
    /// <summary>Links that a machine with much else to do does not break: who ends a node in a test ends its connections.</summary>
    public static readonly LinkLimits Patient = new()
    {
        HandshakeTimeout = Eventually.Deadline,
        LanStallTimeout = Eventually.Deadline,
        WanStallTimeout = Eventually.Deadline,
    };

    private static readonly HttpClient Http = new() { Timeout = Eventually.Deadline };

    private readonly Dictionary<string, (TestNode Node, MonitoringServer Pages)> _nodes = [];

    public TestNode this[string name] => _nodes[name].Node;

    /// <summary>Starts a node.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="region">Its region; empty for a node by itself.</param>
    /// <param name="peers">Names of nodes, or addresses, of its region that it begins with.</param>
    /// <param name="remotes">Other regions, and names of nodes or addresses that it begins with there.</param>
    /// <param name="limits">The limits of its links; <see cref="Patient"/> by default.</param>
    /// <param name="configure">Changes what the others do not say.</param>
    /// <param name="access">Who may come; everybody by default.</param>
    /// <param name="health">How it watches itself and reports; it does neither without.</param>
    /// <param name="alarms">The thresholds of its alarms.</param>
    /// <param name="configureNode">Changes what the others do not say of the node.</param>
    public async Task<TestNode> StartAsync(
        string name, string region, string[]? peers = null, (string Region, string Node)[]? remotes = null, LinkLimits? limits = null, Func<LinkOptions, LinkOptions>? configure = null,
        AccessSettings? access = null, HealthOptions? health = null, AlarmLimits? alarms = null, Func<BusOptions, BusOptions>? configureNode = null)
    {
        LinkOptions? links = region.Length == 0 ? null : new LinkOptions
        {
            Region = region,
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Peers = [.. (peers ?? []).Select(AddressOf)],
            Remotes = [.. (remotes ?? []).Select(remote => (remote.Region, AddressOf(remote.Node)))],
            Limits = limits ?? Patient,
        };
        TestNode node = TestNode.Start(
            loops: 1,
            links: links is null || configure is null ? links : configure(links),
            name: name,
            access: access,
            health: health,
            configure: options => (configureNode ?? (same => same))(alarms is null ? options : options with { AlarmLimits = alarms }));
        _nodes[name] = (node, MonitoringServer.Start(node.Bus, new IPEndPoint(IPAddress.Loopback, 0), node.Log));
        return node;
    }

    /// <summary>Where the pages of a node are.</summary>
    public Uri PagesOf(string name) => _nodes[name].Pages.Address;

    /// <summary>A page of a node.</summary>
    public async Task<JsonElement> PageAsync(string name, string path)
    {
        using JsonDocument page = JsonDocument.Parse(await TextAsync(name, path));
        return page.RootElement.Clone();
    }

    /// <summary>A page's text, which must be there.</summary>
    public Task<string> TextAsync(string name, string path) => Http.GetStringAsync(new Uri(PagesOf(name), path)).InTimeAsync();

    /// <summary>A page's status and text.</summary>
    public async Task<(HttpStatusCode Status, string Text)> AnswerAsync(string name, string path)
    {
        using HttpResponseMessage response = await Http.GetAsync(new Uri(PagesOf(name), path)).InTimeAsync();
        return (response.StatusCode, await response.Content.ReadAsStringAsync().InTimeAsync());
    }

    /// <summary>A page of a node, whatever its status is.</summary>
    public async Task<JsonElement> PageOfAnyStatusAsync(string name, string path)
    {
        using JsonDocument page = JsonDocument.Parse((await AnswerAsync(name, path)).Text);
        return page.RootElement.Clone();
    }

    /// <summary>Waits until a page is as it should be, and returns it.</summary>
    public async Task<JsonElement> EventuallyAsync(string name, string path, Func<JsonElement, bool> condition)
    {
        JsonElement page = default;
        await Eventually.TrueAsync(
            () => condition(page = PageAsync(name, path).GetAwaiter().GetResult()), Eventually.Deadline, () => $"{path} of {name}: {page}");
        return page;
    }

    /// <summary>Waits until a node has so many links with both lanes.</summary>
    public Task LinksAsync(string name, int count) => Eventually.TrueAsync(
        () => this[name].Bus.Mesh!.AskAsync(mesh => mesh.Links.Count(link => link.Data is { IsClosed: false })).GetAwaiter().GetResult() == count,
        Eventually.Deadline,
        () => string.Join('\n', this[name].Log.Lines));

    /// <summary>
    /// Puts down at <paramref name="node"/> that another node or region, <paramref name="source"/>, asked for something, without
    /// anybody having subscribed there, once all is known that it told itself: for tests of what a node does with what it was told.
    /// </summary>
    public Task AskAsync(string node, string source, string subject, string queue = "")
    {
        MeshNode links = this[node].Bus.Mesh!;
        byte[] bytes = Encoding.UTF8.GetBytes(subject);
        bool isLiteral = Subject.IsLiteral(bytes) && queue.Length == 0;
        return Eventually.TrueAsync(() => links.AskAsync(mesh =>
        {
            if (mesh.Interest.Sources.FirstOrDefault(known => (known.IsRegion ? known.Region : known.CarrierName) == source && known is { IsRouted: true, IsKnown: true }) is not { Tables: [SourceTable table, ..] })
            {
                return false;
            }

            ReadOnlySpan<byte> tenant = this[node].Bus.Context.DefaultTenant.NameBytes.Span;
            return isLiteral
                ? table.Table.AddLiteral(links.Context.Remote.Fingerprints.Of(tenant, bytes))
                : table.Table.AddText(new InterestText(tenant, bytes, Encoding.UTF8.GetBytes(queue)));
        }).GetAwaiter().GetResult());
    }

    /// <summary>Ends one node as a crash does.</summary>
    public async Task StopAsync(string name)
    {
        (TestNode node, MonitoringServer pages) = _nodes[name];
        _nodes.Remove(name);
        await pages.DisposeAsync();
        node.Dispose();
        Xunit.Assert.Equal((0, 0), (node.Budget.Leaks, node.Budget.LeakedBytes));
        Xunit.Assert.Equal(0, node.Budget.Total);
        Xunit.Assert.Equal(0, node.Bus.InternalErrors);
    }

    /// <summary>Ends all nodes.</summary>
    public async Task EndAsync()
    {
        foreach (string name in _nodes.Keys.ToArray())
        {
            await StopAsync(name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((TestNode node, MonitoringServer pages) in _nodes.Values)
        {
            await pages.DisposeAsync();
            node.Dispose();
        }
    }

    private string AddressOf(string node) => _nodes.TryGetValue(node, out (TestNode Node, MonitoringServer Pages) known) ? known.Node.Bus.LinkAddress!.ToString() : node;
}

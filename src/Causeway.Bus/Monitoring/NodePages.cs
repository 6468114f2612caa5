using System.Text.Json;
using Causeway.Bus.Monitoring.Regions;
using Causeway.Bus.Monitoring.Tenants;
using Causeway.Bus.Nodes;

namespace Causeway.Bus.Monitoring;

/// <summary>Writes a page. Throws <see cref="PageQueryException"/> for what can't be asked, and <see cref="TimeoutException"/> if the mesh does not answer.</summary>
internal delegate Task PageWriter(Utf8JsonWriter json, PageQuery query);

/// <summary>The pages of a node that are JSON, by path: what HTTP serves, and requests over the bus.</summary>
internal sealed class NodePages
{
    private readonly Dictionary<string, PageWriter> _pages;

    /// <summary>Creates the pages of <paramref name="node"/>, of which <c>/varz</c> shows how often each was asked for by <paramref name="requests"/>.</summary>
    public NodePages(BusNode node, Func<IEnumerable<KeyValuePair<string, long>>> requests)
    {
        MeshView mesh = new(node);
        SubszPage subsz = new(node);
        Varz = new VarzPage(node, mesh, requests);
        Accounts = new AccountzPage(node);
        AccountStats = new AccstatzPage(node);
        _pages = new Dictionary<string, PageWriter>(StringComparer.Ordinal)
        {
            ["/varz"] = AtOnce((json, _) => Varz.Write(json)),
            ["/connz"] = AtOnce(new ConnzPage(node).Write),
            ["/subsz"] = AtOnce(subsz.Write),
            ["/subscriptionsz"] = AtOnce(subsz.Write),
            ["/routez"] = new RoutezPage(node, mesh).WriteAsync,
            ["/gatewayz"] = new GatewayzPage(node, mesh).WriteAsync,
            ["/leafz"] = new LeafzPage(node).WriteAsync,
            ["/accountz"] = AtOnce(Accounts.Write),
            ["/accstatz"] = AtOnce(AccountStats.Write),
            ["/jsz"] = AtOnce(new JszPage(node).Write),
            ["/memz"] = AtOnce(new MemzPage(node).Write),
            ["/alarmz"] = AtOnce(new AlarmzPage(node).Write),
            ["/tracez"] = AtOnce(new TracezPage(node).Write),
            ["/linkz"] = new LinkzPage(node, mesh).WriteAsync,
            ["/interestz"] = new InterestzPage(node, mesh).WriteAsync,
            ["/regionz"] = new RegionzPage(node, mesh).WriteAsync,
            ["/explainz"] = new ExplainzPage(node, mesh).WriteAsync,
        };
    }

    public IEnumerable<string> Paths => _pages.Keys;

    public VarzPage Varz { get; }

    public AccountzPage Accounts { get; }

    public AccstatzPage AccountStats { get; }

    /// <summary>The page at <paramref name="path"/>; null if there is none.</summary>
    public PageWriter? Find(string path) => _pages.GetValueOrDefault(path);

    /// <summary>A page that needs to ask nobody.</summary>
    private static PageWriter AtOnce(Action<Utf8JsonWriter, PageQuery> write) => (json, query) =>
    {
        write(json, query);
        return Task.CompletedTask;
    };
}

using System.Globalization;
using System.Text.Json;

namespace Causeway.Compare.Regions;

/// <summary>A node's process that accepts clients.</summary>
internal sealed class RunningNode : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly RunningServer _server;

    public RunningNode(Peer peer, NodePlan plan, string folder)
    {
        Plan = plan;
        Peer = peer;
        ServerKind kind = new(peer.Name, _ => peer.Command(plan, folder), new Dictionary<string, string>());
        _server = RunningServer.Start(kind, plan.ClientPort);
    }

    public NodePlan Plan { get; }

    public Peer Peer { get; }

    public int Pid => _server.Pid;

    public string Version => _server.Version;

    public bool HasExited => _server.HasExited;

    public string Errors => _server.Errors;

    public string Address => NodePlan.At(Plan.ClientPort);

    public long ResidentBytes() => _server.HasExited ? 0 : _server.ResidentBytes();

    /// <summary>Whether its monitoring says that it knows the other region's subscriptions, null where it doesn't say.</summary>
    public bool? IsSynced(long subscriptions) => Page(Peer.InterestPath) is { } page ? Peer.IsSynced(page, subscriptions) : null;

    /// <summary>The sum of a number over the links of /linkz; null where there is no such page or field.</summary>
    public double? LinkNumber(string field)
    {
        if (Peer is not CausewayPeer || Page("linkz") is not { } page)
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(page);
        if (!document.RootElement.TryGetProperty("links", out JsonElement links) || links.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        double[] values = [.. links.EnumerateArray().Where(link => link.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.Number).Select(link => link.GetProperty(field).GetDouble())];
        return values.Length == 0 ? null : values.Sum();
    }

    /// <summary>Bytes that /memz has booked for a use; null where there is no such page.</summary>
    public double? BookedBytes(string use)
    {
        if (Peer is not CausewayPeer || Page("memz") is not { } page)
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(page);
        return document.RootElement.GetProperty("uses").EnumerateArray()
            .Where(row => row.GetProperty("use").GetString() == use)
            .Sum(row => row.GetProperty("bytes").GetDouble());
    }

    /// <summary>Ends the process at once.</summary>
    public void Kill() => _server.Dispose();

    public void Dispose() => _server.Dispose();

    private string? Page(string path)
    {
        try
        {
            return Http.GetStringAsync(new Uri($"http://127.0.0.1:{Plan.HttpPort.ToString(CultureInfo.InvariantCulture)}/{path}")).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }
}

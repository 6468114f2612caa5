using System.Globalization;
using System.Text.Json;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>A link in the terms in which nats-server's pages and events speak of routes and gateways.</summary>
internal readonly struct LinkFace(LinkRow link, DateTime now)
{
    // As many bits as a number in JSON holds for every reader.
    private const int NumberBits = 53;

    /// <summary>A number that is the link's own as long as it is up.</summary>
    public ulong Number => link.Peer.Id >> (64 - NumberBits);

    /// <summary>The other node's number in the deployment.</summary>
    public string RemoteId => link.Peer.Id.ToString("x16", CultureInfo.InvariantCulture);

    public long PendingBytes => link.Link.Data?.PendingBytes ?? 0;

    public long InMessages => link.Link.Data?.ReceivedMessages ?? 0;

    public long InBytes => link.Link.Data?.ReceivedBytes ?? 0;

    public long OutMessages => link.Link.Data?.SentMessages ?? 0;

    public long OutBytes => link.Link.Data?.SentBytes ?? 0;

    /// <summary>Entries that the other side asks for.</summary>
    private long Subscriptions => link.Imports.Sum(import => import.Literals + import.Texts);

    /// <summary>Address, times and round trip.</summary>
    public void WriteTimes(Utf8JsonWriter json)
    {
        string address = link.Link.Control.RemoteAddress;
        int colon = address.LastIndexOf(':');
        json.WriteString("ip", address[..Math.Max(0, colon)].Trim('[', ']'));
        json.WriteNumber("port", int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) ? port : 0);
        json.WriteString("start", now.AddMilliseconds(-link.UptimeMilliseconds));
        json.WriteString("last_activity", now.AddMilliseconds(-link.LastReceivedMilliseconds));
        json.WriteString("rtt", JsonFormat.Duration(link.RoundTripMilliseconds));
        json.WriteString("uptime", JsonFormat.Uptime(TimeSpan.FromMilliseconds(link.UptimeMilliseconds)));
        json.WriteString("idle", JsonFormat.Uptime(TimeSpan.FromMilliseconds(Math.Max(0, link.LastReceivedMilliseconds))));
    }

    /// <summary>Messages and their bytes, and how much the other side asks for.</summary>
    public void WriteTraffic(Utf8JsonWriter json)
    {
        json.WriteNumber("in_msgs", InMessages);
        json.WriteNumber("out_msgs", OutMessages);
        json.WriteNumber("in_bytes", InBytes);
        json.WriteNumber("out_bytes", OutBytes);
        json.WriteNumber("subscriptions", Subscriptions);
    }
}

using System.Text.Json;
using Causeway.Bus.Monitoring;
using Causeway.Bus.Nodes;
using Causeway.Bus.Transport;
using Causeway.Core.Clients;

namespace Causeway.Bus.SystemBus;

/// <summary>What events tell of a client, taken while it is there. Nothing that it proved itself with is among it.</summary>
internal sealed record ClientCard(
    DateTimeOffset Start, DateTimeOffset? Stop, string Address, ulong Id, string Account, string User, string Name, string Lang, string Version,
    long RoundTripMilliseconds, Traffic Traffic, string Reason, bool IsWebSocket)
{
    public static ClientCard Of(ClientSession client, DateTimeOffset? stop = null, CloseReason reason = CloseReason.None) => new(
        (client.Transport as ClientConnection)?.StartedAt ?? DateTimeOffset.UtcNow, stop, client.Address, client.Id, client.Tenant.Name, client.User?.Name ?? "",
        client.Options.Name, client.Options.Lang, client.Options.Version, client.Liveness.RoundTripMilliseconds,
        new Traffic(client.InMessages, client.InBytes, client.OutMessages, client.OutBytes), reason.Text(), client.IsWebSocket);

    /// <summary>Writes it as the object <c>client</c>, and of one that is gone what it sent and got, and why.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("client");
        json.WriteString("start", Start.UtcDateTime);
        json.WriteString("host", Address);
        json.WriteNumber("id", Id);
        json.WriteIfSaid("acc", Account);
        json.WriteIfSaid("user", User);
        json.WriteIfSaid("name", Name);
        json.WriteIfSaid("lang", Lang);
        json.WriteIfSaid("ver", Version);
        if (RoundTripMilliseconds > 0)
        {
            json.WriteNumber("rtt", JsonFormat.Nanoseconds(TimeSpan.FromMilliseconds(RoundTripMilliseconds)));
        }

        if (Stop is { } stop)
        {
            json.WriteString("stop", stop.UtcDateTime);
        }

        json.WriteString("kind", "Client");
        json.WriteString("client_type", IsWebSocket ? "websocket" : "nats");
        json.WriteEndObject();
        if (Stop is not null)
        {
            json.WriteData("sent", Traffic.InMessages, Traffic.InBytes);
            json.WriteData("received", Traffic.OutMessages, Traffic.OutBytes);
            json.WriteString("reason", Reason);
        }
    }
}

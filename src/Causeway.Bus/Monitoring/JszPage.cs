using System.Text.Json;
using Causeway.Bus.Nodes;

namespace Causeway.Bus.Monitoring;

/// <summary><c>/jsz</c>: says, as nats-server does where JetStream is off, that there is none.</summary>
internal sealed class JszPage(BusNode node)
{
    private static readonly string[] Counts =
        ["memory", "storage", "reserved_memory", "reserved_storage", "accounts", "ha_assets"];

    public void Write(Utf8JsonWriter json, PageQuery query)
    {
        _ = query.Window(0);
        json.WriteStartObject();
        json.WriteString("server_id", node.Info.ServerId);
        json.WriteString("now", DateTime.UtcNow);
        json.WriteBoolean("disabled", true);
        json.WriteStartObject("config");
        json.WriteNumber("max_memory", 0);
        json.WriteNumber("max_storage", 0);
        json.WriteEndObject();
        foreach (string count in Counts)
        {
            json.WriteNumber(count, 0);
        }

        json.WriteStartObject("api");
        json.WriteNumber("total", 0);
        json.WriteNumber("errors", 0);
        json.WriteEndObject();
        foreach (string count in (string[])["streams", "consumers", "messages", "bytes"])
        {
            json.WriteNumber(count, 0);
        }

        json.WriteEndObject();
    }
}

using System.Text.Json;
using Causeway.Bus.WebSockets;

namespace Causeway.Bus.Monitoring;

/// <summary>The part <c>websocket</c> of <c>/varz</c>, in nats-server's names: empty if there are none, and what is not so is left out.</summary>
internal static class WebSocketVarz
{
    public static void Write(Utf8JsonWriter json, WebSocketReception? webSockets)
    {
        json.WriteStartObject("websocket");
        if (webSockets is not null)
        {
            WebSocketOptions options = webSockets.Options;
            json.WriteString("host", webSockets.Listener.Address.Address.ToString());
            json.WriteNumber("port", webSockets.Listener.Address.Port);
            json.WriteIfSaid("advertise", options.Advertise);
            json.WriteNumber("handshake_timeout", JsonFormat.Nanoseconds(options.HandshakeTimeout));
            WriteIfTrue(json, "no_tls", options.Tls is null);
            WriteIfTrue(json, "tls_map", webSockets.Tls?.Options.VerifyAndMap ?? false);
            WriteIfTrue(json, "same_origin", options.SameOrigin);
            if (options.AllowedOrigins.Count > 0)
            {
                json.WriteStartArray("allowed_origins");
                foreach (Core.WebSockets.WebOrigin origin in options.AllowedOrigins)
                {
                    json.WriteStringValue(origin.ToString());
                }

                json.WriteEndArray();
            }

            WriteIfTrue(json, "compression", options.Compression);
        }

        json.WriteEndObject();
    }

    private static void WriteIfTrue(Utf8JsonWriter json, string name, bool value)
    {
        if (value)
        {
            json.WriteBoolean(name, value);
        }
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using Causeway.Core.Access;
using Causeway.Core.Protocol;

namespace Causeway.Core.Clients;

/// <summary>
/// What a client gets that asks who it is, on <c>$SYS.REQ.USER.INFO</c>: its user, tenant and permissions, in the form that nats-server
/// has for it from 2.10 on. The node that the client is connected to answers, whatever the tenant.
/// </summary>
internal static class UserInfo
{
    /// <summary>The subject of the question.</summary>
    public static ReadOnlySpan<byte> Subject => "$SYS.REQ.USER.INFO"u8;

    /// <summary>The answer to <paramref name="client"/>.</summary>
    public static byte[] Answer(ClientSession client)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        using (Utf8JsonWriter json = new(buffer))
        {
            ServerInfo server = client.Node.Info;
            json.WriteStartObject();
            json.WriteStartObject("server");
            json.WriteString("name", server.ServerName);
            json.WriteString("host", server.Host);
            json.WriteString("id", server.ServerId);
            json.WriteString("ver", server.Version);
            json.WriteBoolean("jetstream", false);
            json.WriteEndObject();
            json.WriteStartObject("data");
            json.WriteString("user", client.User?.Name ?? "");
            json.WriteString("account", client.Tenant.Name);
            if (client.User?.Permissions is { } permissions && (!permissions.IsUnlimited || permissions.Responses is not null))
            {
                Write(json, permissions);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Permissions permissions)
    {
        json.WriteStartObject("permissions");
        json.WriteStartObject("publish");
        WriteList(json, "allow", permissions.PublishAllow?.Entries.Select(Encoding.UTF8.GetString));
        WriteList(json, "deny", permissions.PublishDeny?.Entries.Select(Encoding.UTF8.GetString));
        json.WriteEndObject();
        json.WriteStartObject("subscribe");
        WriteList(json, "allow", permissions.SubscribeAllow?.Select(Text));
        WriteList(json, "deny", permissions.SubscribeDeny?.Select(Text));
        json.WriteEndObject();
        if (permissions.Responses is { } responses)
        {
            json.WriteStartObject("responses");
            json.WriteNumber("max", responses.MaxMessages);
            json.WriteNumber("ttl", responses.Expires.Ticks * TimeSpan.NanosecondsPerTick);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string Text(SubscribeRule rule) =>
        Encoding.UTF8.GetString(rule.Subject.Span) + (rule.Queue is { } queue ? " " + Encoding.UTF8.GetString(queue) : "");

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string>? subjects)
    {
        if (subjects is null)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (string subject in subjects)
        {
            json.WriteStringValue(subject);
        }

        json.WriteEndArray();
    }
}

using System.Text.Json.Serialization;
using Causeway.Client.Rpc;
using Causeway.Client.Serialization;

namespace Causeway.Samples.Rooms;

/// <summary>The contract: what callers and servers of rooms share.</summary>
internal static class Rooms
{
    public static readonly RpcService Service = new("rooms");

    /// <summary>Opens a room at whichever server has the most room left; says which that is.</summary>
    public static readonly RpcMethod<OpenRoom, RoomOpened> Open =
        Service.Method("open", MessageSerializers.Json(RoomsJson.Default.OpenRoom), MessageSerializers.Json(RoomsJson.Default.RoomOpened));

    /// <summary>Mutes a participant, at the server of the room.</summary>
    public static readonly RpcMethod<Mute, Muted> Mute =
        Service.Method("mute", MessageSerializers.Json(RoomsJson.Default.Mute), MessageSerializers.Json(RoomsJson.Default.Muted), idempotent: true);

    /// <summary>The chat of a room: lines both ways.</summary>
    public static readonly RpcStreamMethod<ChatLine, ChatLine> Chat =
        Service.Stream("chat", MessageSerializers.Json(RoomsJson.Default.ChatLine), MessageSerializers.Json(RoomsJson.Default.ChatLine));
}

internal sealed record OpenRoom(string Name);

internal sealed record RoomOpened(string Server);

internal sealed record Mute(string Participant);

internal sealed record Muted(string Server);

internal sealed record ChatLine(string From, string Text);

[JsonSerializable(typeof(OpenRoom))]
[JsonSerializable(typeof(RoomOpened))]
[JsonSerializable(typeof(Mute))]
[JsonSerializable(typeof(Muted))]
[JsonSerializable(typeof(ChatLine))]
internal sealed partial class RoomsJson : JsonSerializerContext;

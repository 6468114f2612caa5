using System.Text.Json.Serialization;

namespace Causeway.Client.Protocol;

/// <summary>Serializers made at build time, so that the first connect needs no reflection.</summary>
[JsonSerializable(typeof(ServerInfo))]
[JsonSerializable(typeof(ConnectRequest))]
internal sealed partial class ClientJsonContext : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Causeway.Core.Control;

/// <summary>How reports, commands and alarms are written: JSON with names in snake case, enums by name.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(NodeReport))]
[JsonSerializable(typeof(AlarmReport))]
[JsonSerializable(typeof(NodeCommand))]
[JsonSerializable(typeof(NodeAnswer))]
public sealed partial class ControlJson : JsonSerializerContext;

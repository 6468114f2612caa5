using System.Text.Json.Serialization;

namespace Causeway.Core.Alarms;

/// <summary>How changes of alarms are written to an incident log: one JSON object a line, names in snake case, enums by name.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AlarmChange))]
public sealed partial class AlarmJson : JsonSerializerContext;

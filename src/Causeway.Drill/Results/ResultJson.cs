using System.Text.Json.Serialization;

namespace Causeway.Drill.Results;

/// <summary>How results are written: JSON with names in snake case, enums by name.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DrillResult))]
[JsonSerializable(typeof(IReadOnlyList<DrillResult>))]
internal sealed partial class ResultJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Causeway.Director.Status;

/// <summary>How the documents of the status page are stored.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(StatusBoard))]
[JsonSerializable(typeof(IncidentLog))]
[JsonSerializable(typeof(DayRecord))]
internal sealed partial class StatusJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Causeway.Cli.Bench;

/// <summary>Source-generated JSON for <see cref="BenchResult"/>: one line, snake_case, nothing for what doesn't apply.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BenchResult))]
internal sealed partial class BenchJson : JsonSerializerContext;

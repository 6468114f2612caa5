using System.Text.Json.Serialization;

namespace Causeway.Cli.Serve;

/// <summary>JSON that <c>causeway serve</c> writes.</summary>
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class ServeJson : JsonSerializerContext;

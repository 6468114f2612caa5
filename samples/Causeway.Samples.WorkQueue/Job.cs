using System.Text.Json.Serialization;

namespace Causeway.Samples.WorkQueue;

internal sealed record Job(int Id);

internal sealed record Done(int Id, string Worker);

[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(Done))]
internal sealed partial class JobJson : JsonSerializerContext;

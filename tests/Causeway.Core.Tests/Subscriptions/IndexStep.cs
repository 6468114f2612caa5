using Causeway.Core.Tests.Subjects;
using CsCheck;

namespace Causeway.Core.Tests.Subscriptions;

/// <summary>One step of a course over an index: a subscription comes, or one of those there are goes.</summary>
internal readonly record struct IndexStep(string? Add, string Queue, int Remove)
{
    public static Gen<IndexStep> Any { get; } = Gen.Frequency<IndexStep>(
        (3, Gen.Select(SubjectGen.Any, Gen.Frequency((3, ""), (1, "q"), (1, "p")), (subject, queue) => new IndexStep(subject, queue, 0))),
        (2, Gen.Int[0, 99].Select(place => new IndexStep(null, "", place))));

    public override string ToString() => Add is null ? $"remove {Remove}" : $"add {Add} {Queue}";
}

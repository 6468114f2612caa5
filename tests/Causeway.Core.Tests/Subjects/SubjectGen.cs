using CsCheck;

namespace Causeway.Core.Tests.Subjects;

/// <summary>Subjects from few tokens, so that they meet often.</summary>
internal static class SubjectGen
{
    private static readonly Gen<string> Token = Gen.OneOf("a", "b", "c", "aa", "x*", "a>");
    private static readonly Gen<string> PatternToken = Gen.Frequency<string>((2, Token), (2, Gen.Const("*")));

    /// <summary>Valid subjects without wildcards.</summary>
    public static Gen<string> Literal { get; } = Token.Array[1, 4].Select(tokens => string.Join('.', tokens));

    /// <summary>Valid subjects, most of them with wildcards.</summary>
    public static Gen<string> Pattern { get; } = Gen.Select(PatternToken.Array[0, 4], Gen.Bool, (tokens, rest) =>
        string.Join('.', rest || tokens.Length == 0 ? [.. tokens, ">"] : tokens));

    /// <summary>What can be subscribed to.</summary>
    public static Gen<string> Any { get; } = Gen.Frequency<string>((1, Literal), (1, Pattern));

    /// <summary>What can be published to: literals, subjects with empty tokens, and subjects with wildcards, which match as tokens do.</summary>
    public static Gen<string> Published { get; } = Gen.Frequency<string>(
        (6, Literal), (1, Gen.OneOf("a", "b", "*", ">", "").Array[1, 5].Select(tokens => string.Join('.', tokens)).Where(subject => subject.Length > 0)));
}

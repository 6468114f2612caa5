using CsCheck;
using Xunit;

namespace Causeway.Client.Tests;

public sealed class SubjectRulesTests
{
    [Theory]
    [InlineData("a", null)]
    [InlineData("a.b.c", null)]
    [InlineData("a*.b>c", null)]
    [InlineData("größe.→", null)]
    [InlineData("", "is empty")]
    [InlineData(".", "has an empty token")]
    [InlineData(".a", "has an empty token")]
    [InlineData("a.", "has an empty token")]
    [InlineData("a..b", "has an empty token")]
    [InlineData("a b", "has a blank or control character")]
    [InlineData("a\r\nPUB b 0", "has a blank or control character")]
    [InlineData("a\0", "has a blank or control character")]
    [InlineData("a.*", "has a wildcard token, which only subscriptions may have")]
    [InlineData(">", "has a wildcard token, which only subscriptions may have")]
    public void Literals_are_checked(string subject, string? problem) => Assert.Equal(problem, SubjectRules.LiteralProblem(subject));

    [Theory]
    [InlineData("a", null)]
    [InlineData("*", null)]
    [InlineData(">", null)]
    [InlineData("a.*.b.>", null)]
    [InlineData("a.b>", null)]
    [InlineData("a.>.b", "has the wildcard '>' before its last token")]
    [InlineData(">.>", "has the wildcard '>' before its last token")]
    [InlineData("a..>", "has an empty token")]
    [InlineData("a\tb", "has a blank or control character")]
    public void Patterns_are_checked(string subject, string? problem) => Assert.Equal(problem, SubjectRules.PatternProblem(subject));

    [Fact]
    public void Every_good_literal_is_a_good_pattern_without_wildcards() =>
        Gen.String[Gen.Char["ab.*>\t é"], 0, 8].Sample(subject =>
            SubjectRules.LiteralProblem(subject) is not null
            || (SubjectRules.PatternProblem(subject) is null && !SubjectRules.HasWildcardToken(subject)));
}

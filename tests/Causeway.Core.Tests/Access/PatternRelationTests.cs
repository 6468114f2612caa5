using System.Text;
using Causeway.Core.Access;
using Causeway.Core.Subjects;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Access;

/// <summary>How patterns relate, against the sets of all short subjects that they stand for.</summary>
public sealed class PatternRelationTests
{
    /// <summary>Patterns have up to three tokens, so subjects of up to five tokens of three letters tell all apart.</summary>
    private static readonly byte[][] Universe = [.. Subjects(5)];

    private static readonly Gen<string> Pattern =
        Gen.Select(Gen.OneOf(Gen.Char["ab*"].Select(c => c.ToString())).Array[0, 3], Gen.Bool)
            .Select((tokens, rest) => string.Join('.', rest || tokens.Length == 0 ? [.. tokens, ">"] : tokens));

    [Fact]
    public void Covering_is_that_the_one_set_contains_the_other() => Gen.Select(Pattern, Pattern).Sample((one, other) =>
        PatternRelation.Covers(Bytes(one), Bytes(other)) == Universe.Where(subject => Subject.Matches(Bytes(other), subject)).All(subject => Subject.Matches(Bytes(one), subject)));

    [Fact]
    public void Overlapping_is_that_the_sets_have_a_subject_in_common() => Gen.Select(Pattern, Pattern).Sample((one, other) =>
        PatternRelation.Overlap(Bytes(one), Bytes(other)) == Universe.Any(subject => Subject.Matches(Bytes(one), subject) && Subject.Matches(Bytes(other), subject)));

    [Fact]
    public void A_set_has_what_one_of_its_entries_stands_for() => Gen.Select(Pattern.Array[0, 4], Gen.Int[0, Universe.Length - 1]).Sample((entries, at) =>
        new SubjectSet(entries).Has(Universe[at]) == entries.Any(entry => Subject.Matches(Bytes(entry), Universe[at])));

    [Theory]
    [InlineData("a..b")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a.>.b")]
    public void What_is_no_subject_is_refused(string entry) =>
        Assert.Equal($"'{entry}' is no subject; accepted are tokens with . between them, * for any one token and > for all that follow", Assert.Throws<ArgumentException>(() => new SubjectSet([entry])).Message);

    private static IEnumerable<byte[]> Subjects(int tokens)
    {
        IEnumerable<string> level = [""];
        for (int i = 0; i < tokens; i++)
        {
            level = [.. level.SelectMany(start => "abc".Select(c => start.Length == 0 ? c.ToString() : $"{start}.{c}"))];
            foreach (string subject in level)
            {
                yield return Bytes(subject);
            }
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}

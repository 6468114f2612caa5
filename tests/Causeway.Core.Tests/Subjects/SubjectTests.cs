using Causeway.Core.Subjects;
using Causeway.Core.Tests.Support;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Subjects;

public sealed class SubjectTests
{
    [Theory]
    [InlineData("a", true, false)]
    [InlineData("a.b.c", true, false)]
    [InlineData("*", true, true)]
    [InlineData(">", true, true)]
    [InlineData("a.*", true, true)]
    [InlineData("*.a", true, true)]
    [InlineData("a.*.b", true, true)]
    [InlineData("a.>", true, true)]
    [InlineData("*.>", true, true)]
    [InlineData("a.*b", true, false)]
    [InlineData("a*", true, false)]
    [InlineData("**", true, false)]
    [InlineData(">>", true, false)]
    [InlineData("a.>b", true, false)]
    [InlineData(">a.b", true, false)]
    [InlineData("$SYS.>", true, true)]
    [InlineData("\u00e9\u0000", true, false)]
    [InlineData("", false, false)]
    [InlineData(".", false, false)]
    [InlineData("a.", false, false)]
    [InlineData(".a", false, false)]
    [InlineData("a..b", false, false)]
    [InlineData("a.>.b", false, false)]
    [InlineData(">.a", false, false)]
    [InlineData(">.", false, false)]
    [InlineData("a b", false, false)]
    [InlineData("a.\tb", false, false)]
    [InlineData("a\r", false, false)]
    [InlineData("\n", false, false)]
    [InlineData("a\fb", false, false)]
    public void A_subject_is_valid_or_not_and_a_pattern_or_not(string subject, bool valid, bool pattern)
    {
        byte[] bytes = Wire.Bytes(subject);
        Assert.Equal(valid, Subject.Check(bytes, out bool isPattern));
        Assert.Equal(valid, Subject.IsValid(bytes));
        Assert.Equal(valid && !pattern, Subject.IsLiteral(bytes));
        Assert.True(!valid || pattern == isPattern);
    }

    [Fact]
    public void Any_bytes_are_judged_as_by_the_plain_rules() =>
        Gen.OneOf('a', 'b', '.', '.', '*', '>', ' ', '\t', '\r', '\n', '\f', '\0', '\u00ff').Array[0, 12].Select(chars => new string(chars)).Sample(
            subject =>
            {
                bool valid = Subject.Check(Wire.Bytes(subject), out bool isPattern);
                Assert.Equal(NaiveSubject.IsValid(subject), valid);
                Assert.True(!valid || isPattern == NaiveSubject.IsPattern(subject));
            },
            iter: 200_000,
            print: subject => Wire.Literal(Wire.Bytes(subject)));

    [Fact]
    public void Matching_is_as_by_the_plain_rules() =>
        Gen.Select(SubjectGen.Any, SubjectGen.Literal).Sample(
            (pattern, subject) => Assert.Equal(NaiveSubject.Matches(pattern, subject), Subject.Matches(Wire.Bytes(pattern), Wire.Bytes(subject))),
            iter: 200_000);

    [Theory]
    [InlineData("a.b.c", 1, "a")]
    [InlineData("a.b.c", 2, "a.b")]
    [InlineData("a.b.c", 3, "a.b.c")]
    [InlineData("a.b.c", 9, "a.b.c")]
    [InlineData("abc", 1, "abc")]
    [InlineData("", 1, "")]
    [InlineData(".a", 1, "")]
    [InlineData("a..b", 2, "a.")]
    public void A_prefix_has_so_many_tokens(string subject, int tokens, string prefix) =>
        Assert.Equal(prefix, Wire.Text(Subject.Prefix(Wire.Bytes(subject), tokens)));

    [Fact]
    public void Tokens_come_off_one_by_one() =>
        Gen.OneOf("a", "bc", "").Array[1, 6].Sample(tokens =>
        {
            ReadOnlySpan<byte> rest = Wire.Bytes(string.Join('.', tokens));
            List<string> taken = [];
            bool more = true;
            while (more)
            {
                taken.Add(Wire.Text(Subject.NextToken(ref rest, out more)));
            }

            Assert.Equal(tokens, taken);
            Assert.True(rest.IsEmpty);
        });
}

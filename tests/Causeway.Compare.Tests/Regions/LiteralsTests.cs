using Causeway.Compare.Regions;
using Xunit;

namespace Causeway.Compare.Tests.Regions;

public sealed class LiteralsTests
{
    [Fact]
    public void Subjects_are_distinct_and_of_their_length_and_tokens()
    {
        string[] subjects = [.. Enumerable.Range(0, 10_000).Select(i => Literals.Subject(i))];
        Assert.Equal(subjects.Length, subjects.Distinct().Count());
        Assert.All(subjects, subject =>
        {
            Assert.Equal(Literals.Length, subject.Length);
            Assert.Equal(4, subject.Split('.', StringSplitOptions.RemoveEmptyEntries).Length);
        });
        Assert.Equal(subjects[77], Literals.Subject(77));
    }

    [Fact]
    public void Samples_begin_and_end_with_the_range()
    {
        Assert.Equal([10, 11, 12], Literals.Sample(10, 3, 200));
        IReadOnlyList<long> samples = Literals.Sample(5, 1_000_000, 200);
        Assert.Equal(200, samples.Distinct().Count());
        Assert.Equal(5, samples[0]);
        Assert.Equal(1_000_004, samples[^1]);
        Assert.Equal([4], Literals.Sample(4, 1, 2));
    }
}

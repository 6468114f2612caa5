using System.Text;
using Causeway.Drill.Results;
using Causeway.Drill.Tests.Expectations;
using Xunit;

namespace Causeway.Drill.Tests.Results;

public sealed class ResultTests
{
    [Fact]
    public void A_result_is_read_back_as_it_was_written()
    {
        byte[] json = ResultFile.Write([Samples.Eventful()]);
        Assert.Equal(json, ResultFile.Write(ResultFile.Read("r.json", json)));
        byte[] both = ResultFile.Write([Samples.Eventful(), Samples.Eventful()]);
        Assert.Equal(2, ResultFile.Read("r.json", both).Count);
    }

    [Fact]
    public void Json_is_in_snake_case_and_names_what_is_meant()
    {
        string json = Encoding.UTF8.GetString(ResultFile.Write([Samples.Eventful()]));
        Assert.Contains("\"is_met\":false", json, StringComparison.Ordinal);
        Assert.Contains("\"verdict\":\"Failed\"", json, StringComparison.Ordinal);
        Assert.Contains("\"starts_at\":\"04:50:00\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void One_expectation_that_fails_is_enough()
    {
        Assert.False(Samples.Eventful().IsMet);
        Assert.True(Samples.Of(Records.Good() with { Script = Records.Script with { Expectations = [new Causeway.Drill.Expectations.NoDeaths()] } }).IsMet);
    }

    [Fact]
    public void Figures_are_reckoned()
    {
        Dictionary<string, double?> figures = Samples.Eventful().Figures.ToDictionary(figure => figure.Key, figure => figure.Value);
        Assert.Equal(1, figures["deaths"]);
        Assert.Equal(100L << 20, figures["memory_peak_bytes"]);
        Assert.Equal(200L << 20, figures["memory_start_bytes"]);
        Assert.Equal(2_000, figures["local_received"]);
        Assert.Equal(2, figures["cpu_seconds"]);
        Assert.Equal(60, figures["detected_seconds"]);
        Assert.Equal(2, figures["converged_seconds"]);
        Assert.Null(Samples.Of(Records.Good() with { ConvergedAfter = null }).Figures.Single(figure => figure.Key == "converged_seconds").Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[null]")]
    [InlineData("null")]
    [InlineData("{\"format\":1}")]
    [InlineData("not json")]
    public void What_is_no_result_is_refused_in_one_line(string json)
    {
        ArgumentException problem = Assert.Throws<ArgumentException>(() => ResultFile.Read("r.json", Encoding.UTF8.GetBytes(json)));
        Assert.StartsWith("'r.json' ", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith("accepted is a file that 'causeway drill --json' wrote, up to 64 MiB", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Message);
    }

    [Fact]
    public void Columns_of_unequal_length_are_refused()
    {
        DrillResult result = Samples.Eventful();
        DrillResult torn = result with { Series = result.Series with { AtSeconds = [0, 1] } };
        Assert.Throws<ArgumentException>(() => ResultFile.Read("r.json", ResultFile.Write([torn])));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.StartsWith("'no/such.json' can't be read: ", Assert.Throws<ArgumentException>(() => ResultFile.Read("no/such.json")).Message, StringComparison.Ordinal);
}

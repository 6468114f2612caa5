using Xunit;

namespace Causeway.Compare.Tests;

public sealed class MeasurementTests
{
    [Fact]
    public void A_load_generators_object_gives_its_figures()
    {
        Measurement measurement = Measurement.FromJson("""
            {"mode":"pubsub","published_per_second":10,"delivered_per_second":40,
             "process":{"cpu_us_per_published":4,"cpu_us_per_delivered":1,"rss_before_bytes":5,"rss_after_bytes":7},
             "latency":{"p50_us":100,"p99_us":200.5}}
            """);
        Assert.Equal(40, measurement[Metric.Rate]);
        Assert.Equal(1, measurement[Metric.CpuUs]);
        Assert.Equal(7, measurement[Metric.RssBytes]);
        Assert.Equal(100, measurement[Metric.P50Us]);
        Assert.Equal(200.5, measurement[Metric.P99Us]);
        Assert.Null(measurement[Metric.BytesEach]);
    }

    [Fact]
    public void The_rate_of_publishing_counts_where_nothing_is_delivered()
    {
        Measurement measurement = Measurement.FromJson("""{"published_per_second":10,"process":{"cpu_us_per_published":4}}""");
        Assert.Equal((10.0, 4.0), (measurement[Metric.Rate], measurement[Metric.CpuUs]));
    }

    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    [InlineData(new double[] { 3, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 2, 3 }, 2.5)]
    [InlineData(new double[] { 1000, 1, 1, 1, 2 }, 1)]
    public void The_median_is_the_middle_of_the_rounds(double[] rates, double median)
    {
        Assert.Equal(median, Measurement.Median([.. rates.Select(rate => Rounds.Of((Metric.Rate, rate)))])[Metric.Rate]);
    }

    [Fact]
    public void The_median_is_taken_of_each_figure_by_itself()
    {
        Measurement median = Measurement.Median(
        [
            Rounds.Of((Metric.Rate, 1), (Metric.CpuUs, 30)), Rounds.Of((Metric.Rate, 2), (Metric.CpuUs, 10)), Rounds.Of((Metric.Rate, 3), (Metric.CpuUs, 20)),
        ]);
        Assert.Equal((2.0, 20.0), (median[Metric.Rate], median[Metric.CpuUs]));
    }
}

using System.Text;
using Causeway.Compare.Clients;
using Xunit;

namespace Causeway.Compare.Tests.Clients;

public sealed class LoadPlanTests
{
    private static readonly LoadPlan Plan = new(LoadPlan.Send, "127.0.0.1:4222", 16, 0.25, 1.5, 64);

    [Fact]
    public void A_plan_is_what_its_arguments_say() => Assert.Equal(Plan, LoadPlan.Parse(Plan.Arguments()));

    [Fact]
    public void A_mark_tells_the_number_of_messages_within_its_size()
    {
        Assert.Equal("z1234567        ", Encoding.ASCII.GetString(Plan.MarkOf(1234567)));
        Assert.Equal(new string('a', 16), Encoding.ASCII.GetString(Plan.Payload()));
    }

    [Fact]
    public void Figures_are_the_last_line_that_a_program_prints()
    {
        LoadFigures figures = LoadFigures.Parse("ready\n{\"count\":2000,\"seconds\":0.5,\"cpu_seconds\":0.1,\"rss_bytes\":4096,\"p50_us\":10,\"p99_us\":20.5}\n");
        Assert.Equal(4000, figures.Rate);
        Assert.Equal(50, figures.CpuUs, 6);
        Assert.Equal((10.0, 20.5, 4096), (figures.P50Us, figures.P99Us, figures.RssBytes));
        Assert.Equal(figures, LoadFigures.Parse(figures.Json()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ready\n")]
    public void What_is_no_figures_is_shown(string output) => Assert.Throws<CompareException>(() => LoadFigures.Parse(output));
}

using System.Xml.Linq;
using Causeway.Drill.Report;
using Causeway.Drill.Results;
using Causeway.Drill.Tests.Expectations;
using Causeway.Drill.Tests.Results;
using Xunit;

namespace Causeway.Drill.Tests.Report;

public sealed class ReportPageTests
{
    private const string Hostile = "<script>alert('x')</script>&\"\0\u0001\ud800";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_report_is_well_formed_and_needs_nothing_else(int runs)
    {
        XElement html = Page([.. Enumerable.Repeat(Samples.Eventful(), runs)]);
        Assert.Empty(html.Descendants("script"));
        Assert.Empty(html.Descendants("link"));
        Assert.DoesNotContain(html.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "href" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.Contains("default-src 'none'", html.Descendants("meta").Attributes("content").Select(content => content.Value).Single(content => content.Contains("src", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(runs * (2 + 6), html.Descendants("figure").Count());
        Assert.Equal(html.Descendants().Attributes("id").Count(), html.Descendants().Attributes("id").Select(id => id.Value).Distinct().Count());
    }

    [Fact]
    public void Style_reaches_the_page_as_it_is() => Assert.DoesNotContain("&", ReportPage.Of([Samples.Eventful()]).Split("<style>")[1].Split("</style>")[0], StringComparison.Ordinal);

    [Fact]
    public void No_element_that_html_does_not_close_is_left_open()
    {
        string page = ReportPage.Of([Samples.Eventful()]);
        Assert.DoesNotMatch("<(?!meta|br)[a-z]+[^>]*/>", page);
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_text_stays_text()
    {
        DrillResult result = Samples.Eventful();
        result = result with
        {
            Drill = Hostile,
            Description = Hostile,
            Story = Hostile,
            Bus = Hostile,
            Version = Hostile,
            Command = Hostile,
            Machine = [Hostile],
            Links = [Hostile],
            Regions = [.. result.Regions.Select(region => region + Hostile)],
            Events = [.. result.Events.Select(what => what with { Text = Hostile, Node = Hostile })],
            Expectations = [.. result.Expectations.Select(outcome => outcome with { Wanted = Hostile, Found = Hostile })],
            Series = result.Series with
            {
                Nodes = [.. result.Series.Nodes.Select(node => node with { Node = Hostile, Region = node.Region + Hostile })],
                Regions = [.. result.Series.Regions.Select(region => region with { Region = Hostile })],
            },
        };
        XElement html = Page([result, result]);
        Assert.Empty(html.Descendants("script"));
        Assert.Contains("<script>alert('x')</script>", html.Descendants("h1").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Charts_say_in_words_what_they_show_and_give_their_values()
    {
        XElement html = Page([Samples.Eventful()]);
        foreach (XElement chart in html.Descendants("figure"))
        {
            XElement svg = chart.Elements("svg").Single();
            Assert.Equal("img", svg.Attribute("role")!.Value);
            Assert.NotEmpty(svg.Element("title")!.Value);
            Assert.NotEmpty(svg.Element("desc")!.Value);
            Assert.Equal("values", chart.Descendants("summary").Single().Value);
        }

        Assert.All(html.Descendants("table"), table => Assert.All(table.Descendants("th"), cell => Assert.NotNull(cell.Attribute("scope"))));
    }

    [Fact]
    public void Steps_alarms_and_deaths_are_marked_with_their_numbers_in_the_timeline()
    {
        XElement chart = Page([Samples.Eventful()]).Descendants("figure").First();
        Assert.Equal(
            ["mark step", "mark alarm", "mark death"],
            chart.Descendants("g").Select(mark => mark.Attribute("class")!.Value));
        Assert.Equal(["2", "3", "4"], chart.Descendants("g").SelectMany(mark => mark.Elements("text")).Select(text => text.Value));
    }

    [Fact]
    public void A_node_that_is_dead_for_a_while_leaves_a_gap()
    {
        DrillResult result = Samples.Of(Records.Good().Each(sample => sample.At.TotalSeconds is > 3 and < 7 ? sample with { Nodes = [sample.Nodes[1]] } : sample));
        XElement chart = Page([result]).Descendants("figure").First();
        Assert.Equal(2, chart.Descendants("polyline").Count(line => line.Attribute("class")!.Value == "line s0"));
    }

    [Fact]
    public void Runs_side_by_side_have_the_same_axes()
    {
        DrillResult small = Samples.Eventful();
        DrillResult large = Samples.Of(Records.Good().Each(sample => sample with { Nodes = [Records.Node("east-1", 900L << 20, 1L << 30), sample.Nodes[1]] }));
        XElement[] charts = [.. Page([small, large]).Descendants("figure").Take(2)];
        string[] Ticks(XElement chart) => [.. chart.Descendants("text").Where(text => text.Attribute("class")?.Value == "tick").Select(text => text.Value)];
        Assert.Equal(Ticks(charts[0]), Ticks(charts[1]));
        Assert.Contains("1 GiB", Ticks(charts[0]));
    }

    [Fact]
    public void The_better_of_two_figures_is_marked_whichever_bus_has_it()
    {
        DrillResult calm = Samples.Of(Records.Good());
        DrillResult hungry = Samples.Of(Records.Good().Each(sample => sample with { Nodes = [Records.Node("east-1", 200L << 20), sample.Nodes[1]] }));
        Assert.Equal(["100 MiBbetter", "200 MiB"], Row(calm, hungry, "Most memory of one node"));
        Assert.Equal(["200 MiB", "100 MiBbetter"], Row(hungry, calm, "Most memory of one node"));
        Assert.Equal(["0", "0"], Row(hungry, calm, "Processes that died"));
        Assert.Equal(["not told", "not told"], Row(hungry, calm, "From the first step to the first alarm with its cause (script's clock)"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void One_or_two_runs_fit(int runs) => Assert.Throws<ArgumentException>(() => ReportPage.Of([.. Enumerable.Repeat(Samples.Eventful(), runs)]));

    [Fact]
    public void A_run_in_which_nothing_was_measured_has_a_report_too() => Page([Samples.Of(Records.Good() with { Samples = [], ConvergedAfter = null })]);

    private static string[] Row(DrillResult left, DrillResult right, string label) =>
        [.. Page([left, right]).Descendants("tr").Single(row => row.Element("th")?.Value == label).Elements("td").Select(cell => cell.Value)];

    private static XElement Page(IReadOnlyList<DrillResult> results) => XDocument.Parse(ReportPage.Of(results)["<!DOCTYPE html>".Length..]).Root!;
}

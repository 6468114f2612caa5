using System.Globalization;
using Causeway.Bus.Tests.Support;
using Xunit;

namespace Causeway.Bus.Tests.Monitoring;

/// <summary>What <c>/metrics</c> tells of links, interest and regions.</summary>
public sealed class LinkMetricsTests
{
    [Fact]
    public async Task Links_interest_and_regions_are_measured()
    {
        await using TestDeployment deployment = await RegionPagesTests.TwoRegionsAsync();
        await deployment["a1"].SubscriberAsync("orders.new");

        string metrics = await deployment.TextAsync("a1", "/metrics");

        Assert.Equal(1, Sample(metrics, "causeway_link_up", "peer=\"a2\""));
        Assert.True(Sample(metrics, "causeway_link_held_bytes", "peer=\"a2\"") > 0);
        Assert.True(Sample(metrics, "causeway_link_control_sent_bytes_total", "frame=\"ping\"") > 0);
        Assert.Equal(0, Sample(metrics, "causeway_link_dropped_messages_total", "class=\"bulk\"", "peer=\"a2\""));
        Assert.All(
            [
                "causeway_links", "causeway_links_wanted", "causeway_link_rtt_milliseconds", "causeway_link_bytes_per_second", "causeway_link_pending_bytes",
                "causeway_link_messages_in_total", "causeway_link_out_bytes_total", "causeway_links_opened_total", "causeway_link_unwanted_messages_total",
                "causeway_interest_entries", "causeway_interest_remote_entries", "causeway_interest_widened_prefixes", "causeway_interest_held_bytes",
                "causeway_region_owned", "causeway_region_reachable",
            ],
            name => Assert.NotEmpty(Lines(metrics, name)));
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_link_that_is_gone_reads_zero()
    {
        await using TestDeployment deployment = new();
        await deployment.StartAsync("gone1", "east");
        await deployment.StartAsync("gone2", "east", peers: ["gone1"]);
        await deployment.LinksAsync("gone1", 1);
        await Eventually.TrueAsync(() => Up() == 1);

        await deployment.StopAsync("gone2");

        await Eventually.TrueAsync(() => Up() == 0);
        await deployment.EndAsync();

        double Up() => Sample(deployment.TextAsync("gone1", "/metrics").GetAwaiter().GetResult(), "causeway_link_up", "peer=\"gone2\"");
    }

    private static string[] Lines(string metrics, string name) =>
        [.. metrics.Split('\n').Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))];

    /// <summary>The largest sample with these labels: instruments of all nodes in this process show on the page of each.</summary>
    private static double Sample(string metrics, string name, params string[] labels) =>
        Lines(metrics, name)
            .Where(line => labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Select(line => double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 2)..].Split(' ')[0], CultureInfo.InvariantCulture))
            .DefaultIfEmpty(-1)
            .Max();
}

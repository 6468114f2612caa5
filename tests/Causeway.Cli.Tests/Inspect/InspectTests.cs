using System.Text.Json;
using Causeway.Cli.Tests.Programs;
using Causeway.Client;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Inspect;

/// <summary><c>causeway links</c>, <c>interest</c>, <c>regions</c> and <c>explain</c> against nodes that run.</summary>
public sealed class InspectTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_region_is_shown_in_tables_and_as_the_node_gives_it()
    {
        await using InspectedNode one = await InspectedNode.StartAsync("n1", "east");
        await using InspectedNode two = await InspectedNode.StartAsync("n2", "east", "--peers", one.Links, "--remote", $"west=127.0.0.1:{FreePorts.Take()}");
        await using BusClient client = await BusClient.ConnectAsync(new BusClientOptions { Servers = [ServerAddress.Parse(two.Clients)], Name = "reader", ConnectTimeout = Eventually.Deadline }, Cancelled);
        await using Subscription subscription = await client.SubscribeAsync("orders.*", cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);
        await ShowsAsync(two, "/linkz", "\"state\": \"up\"");
        // Beside the client's, each node subscribes to commands for itself.
        await ShowsAsync(two, "/interestz", "\"to_regions\": 3");

        ProgramResult links = await RunAsync(two, "links");
        Assert.StartsWith("node n2 in region east; links: 1, opened so far: ", links.Lines[0], StringComparison.Ordinal);
        Assert.Contains(links.Lines, line => line.StartsWith("PEER  REGION  KIND  DIRECTION  STATE", StringComparison.Ordinal));
        string row = links.Lines.Single(line => line.StartsWith("n1 ", StringComparison.Ordinal));
        Assert.Equal(["n1", "east", "lan"], Words(row)[..3]);
        Assert.Equal(links.Lines.Single(line => line.Contains("DIRECTION", StringComparison.Ordinal)).IndexOf("STATE", StringComparison.Ordinal), row.IndexOf("up", StringComparison.Ordinal));
        Assert.DoesNotContain('\e', links.Text);

        ProgramResult regions = await RunAsync(two, "regions");
        Assert.Equal(["n2", "self"], Words(regions.Lines.Single(line => line.StartsWith("n2 ", StringComparison.Ordinal)))[..2]);
        Assert.Equal(["west", "no"], Words(regions.Lines.Single(line => line.StartsWith("west ", StringComparison.Ordinal)))[..2]);

        ProgramResult interest = await RunAsync(two, "interest", "--tokens", "1");
        Assert.Contains("subscriptions here: 2; entries told to nodes of the region: 2, to other regions by all nodes together: 3; ", interest.Lines[1], StringComparison.Ordinal);
        Assert.Equal(["public", "1", "1"], Words(interest.Lines.Single(line => line.StartsWith("public ", StringComparison.Ordinal)))[..3]);
        Assert.Contains(interest.Lines, line => line.StartsWith("orders ", StringComparison.Ordinal));

        ProgramResult explain = await RunAsync(two, "explain", "orders.new");
        Assert.Equal("'orders.new' published on node n2 in region east; subscriptions here that get it: 1", explain.Lines[0]);
        Assert.Contains(explain.Lines, line => line.Contains("reader", StringComparison.Ordinal) && line.Contains("orders.*", StringComparison.Ordinal));
        Assert.Contains(explain.Lines, line => line.StartsWith("n1 ", StringComparison.Ordinal) && Words(line)[1] == "no");

        ProgramResult json = await RunAsync(two, "explain", "orders.new", "--json");
        using JsonDocument page = JsonDocument.Parse(json.Text);
        Assert.Equal(1, page.RootElement.GetProperty("local").GetProperty("subscriptions").GetInt32());
        Assert.All([links, regions, interest, explain, json], result => Assert.Equal((0, 0), (result.ExitCode, result.Errors.Length)));
    }

    [Fact]
    public async Task A_node_by_itself_has_little_to_show_and_refuses_what_is_wrong()
    {
        await using InspectedNode node = await InspectedNode.StartAsync("alone");

        foreach (string command in (string[])["links", "interest", "regions"])
        {
            ProgramResult result = await RunAsync(node, command);
            Assert.Equal(0, result.ExitCode);
            Assert.StartsWith("node alone by itself, in no region", result.Lines[0], StringComparison.Ordinal);
        }

        ProgramResult tenant = await RunAsync(node, "explain", "a", "--tenant", "other");
        Assert.Equal((1, ""), (tenant.ExitCode, tenant.Text));
        Assert.Equal(["causeway explain: tenant: 'other' is not known; accepted is $G"], tenant.Errors);
    }

    [Theory]
    [InlineData("links")]
    [InlineData("interest")]
    [InlineData("regions")]
    [InlineData("explain", "a")]
    public async Task A_node_that_cannot_be_reached_is_one_line_and_exit_code_2(params string[] arguments)
    {
        string nobody = $"127.0.0.1:{FreePorts.Take()}";

        ProgramResult result = await CausewayProcess.RunAsync(null, [.. arguments, "--http", nobody]);

        Assert.Equal((2, ""), (result.ExitCode, result.Text));
        Assert.Equal([$"causeway {arguments[0]}: can't reach {nobody}: connection refused"], result.Errors);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Task<ProgramResult> RunAsync(InspectedNode node, params string[] arguments) =>
        CausewayProcess.RunAsync(null, [.. arguments, "--http", node.Http]);

    /// <summary>Waits until a page of the node says so.</summary>
    private static async Task ShowsAsync(InspectedNode node, string page, string text)
    {
        using HttpClient http = new();
        await Eventually.TrueAsync(() => http.GetStringAsync(new Uri($"http://{node.Http}{page}"), Cancelled).GetAwaiter().GetResult().Contains(text, StringComparison.Ordinal));
    }
}

using System.Text.Json;
using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Inspect;

/// <summary><c>causeway trace</c> between two regions.</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task A_message_is_shown_on_every_node_that_it_came_by()
    {
        await using InspectedNode west = await InspectedNode.StartAsync("w1", "west", "--trace-messages", "100");
        await using InspectedNode east = await InspectedNode.StartAsync("e1", "east", "--trace-messages", "100", "--remote", $"west={west.Links}");
        await using InspectedNode off = await InspectedNode.StartAsync("off");
        await using CausewayProcess subscriber = CausewayProcess.Start($"nats://{west.Clients}", "sub", "orders.>");

        ProgramResult shown = await TraceAsync();
        await Eventually.TrueAsync(() => (shown = TraceAsync().GetAwaiter().GetResult()).Text.Contains("e1 (east)", StringComparison.Ordinal));

        Assert.Equal(0, shown.ExitCode);
        string[] lines = shown.Text.Split('\n');
        Assert.Contains("w1 (west)", Assert.Single(lines, line => line.StartsWith("e1 ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("not traced here", Assert.Single(lines, line => line.StartsWith("off ", StringComparison.Ordinal)), StringComparison.Ordinal);

        ProgramResult json = await CausewayProcess.RunAsync($"nats://{east.Clients}", ["trace", "orders.new", "--http", east.Http, "--json"]);
        using JsonDocument pages = JsonDocument.Parse(json.Text);
        Assert.Equal("orders.new", pages.RootElement[0].GetProperty("spans")[0].GetProperty("subject_prefix").GetString());

        Task<ProgramResult> TraceAsync() => CausewayProcess.RunAsync($"nats://{east.Clients}", ["trace", "orders.new", "hi", "--http", $"{east.Http},{west.Http}", "--http", off.Http]);
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_an_error()
    {
        await using InspectedNode node = await InspectedNode.StartAsync("n");

        ProgramResult result = await CausewayProcess.RunAsync($"nats://{node.Clients}", ["trace", "a.b", "--http", "127.0.0.1:1"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("causeway trace: can't reach 127.0.0.1:1: connection refused", Assert.Single(result.Errors));
    }
}

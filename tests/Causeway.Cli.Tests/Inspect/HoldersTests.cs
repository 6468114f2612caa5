using System.Text.Json;
using Causeway.Cli.Tests.Programs;
using Causeway.Client;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Inspect;

/// <summary><c>causeway clients</c> and <c>causeway memory</c>: who is there, who holds what, and another budget while the node runs.</summary>
public sealed class HoldersTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_and_memory_are_shown_and_the_budget_is_set()
    {
        await using InspectedNode node = await InspectedNode.StartAsync("held");
        await using BusClient client = await BusClient.ConnectAsync(new BusClientOptions { Servers = [ServerAddress.Parse($"nats://{node.Clients}")], Name = "holder", ConnectTimeout = Eventually.Deadline }, Cancelled);
        await using Subscription subscription = await client.SubscribeAsync("room.7", cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);

        ProgramResult clients = await RunAsync(node, "clients", "--subs");
        Assert.Contains(clients.Lines, line => line.Contains(" holder ", StringComparison.Ordinal));
        Assert.Contains(clients.Lines, line => line.EndsWith(" room.7", StringComparison.Ordinal));
        using JsonDocument page = JsonDocument.Parse((await RunAsync(node, "clients", "--json", "--sort", "subs", "--limit", "1")).Text);
        Assert.Equal("holder", page.RootElement.GetProperty("connections")[0].GetProperty("name").GetString());

        Assert.Equal("memory budget: 3GiB\n", (await RunAsync(node, "memory", "set", "3GiB")).Text);
        ProgramResult memory = await RunAsync(node, "memory");
        Assert.Contains(" of 3.0GiB (", memory.Lines[0], StringComparison.Ordinal);
        Assert.Contains(memory.Lines, line => line.Contains("subscriptions", StringComparison.Ordinal));
        Assert.Contains(memory.Lines, line => line.Contains("holder", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_budget_is_set_by_a_command_that_only_a_member_can_seal()
    {
        using TemporaryFolder folder = new();
        (string key, string other) = (Path.Combine(folder.Path, "key"), Path.Combine(folder.Path, "other"));
        await File.WriteAllTextAsync(key, new string('k', 32), Cancelled);
        await File.WriteAllTextAsync(other, new string('o', 32), Cancelled);
        await using InspectedNode node = await InspectedNode.StartAsync("held", "east", "--deployment-key-file", key);
        ProgramResult done = await CausewayProcess.RunAsync(node.Clients, ["memory", "set", "5GiB", "--http", node.Http, "--deployment-key-file", key]);
        Assert.Equal((0, "memory budget: 5GiB\n"), (done.ExitCode, done.Text));
        Assert.Contains(" of 5.0GiB (", (await RunAsync(node, "memory")).Lines[0], StringComparison.Ordinal);

        ProgramResult forged = await CausewayProcess.RunAsync(node.Clients, ["memory", "set", "6GiB", "--http", node.Http, "--deployment-key-file", other]);
        Assert.NotEqual(0, forged.ExitCode);
        Assert.Single(forged.Errors);
        Assert.Contains(" of 5.0GiB (", (await RunAsync(node, "memory")).Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memory set 12", "causeway memory set: size: '12' is too small; accepted is ")]
    [InlineData("memory set much", "causeway memory set: size: 'much' can't be read; accepted is ")]
    [InlineData("clients --sort age", "causeway clients: --sort: 'age' is not known; accepted are cid, start, subs, ")]
    public async Task What_is_wrong_is_one_line(string line, string says)
    {
        ProgramResult result = await CausewayProcess.RunAsync(null, line.Split(' '));
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith(says, Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    private static async Task<ProgramResult> RunAsync(InspectedNode node, params string[] words)
    {
        ProgramResult result = await CausewayProcess.RunAsync(null, [.. words, "--http", node.Http]);
        Assert.True(result.ExitCode == 0, string.Join('\n', result.Errors));
        return result;
    }
}

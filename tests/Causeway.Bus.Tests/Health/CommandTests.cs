using System.Net;
using Causeway.Bus.Nodes;
using Causeway.Bus.Tests.Regions;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Control;
using Xunit;

namespace Causeway.Bus.Tests.Health;

/// <summary>Commands to nodes over the bus: those of members are done, all others refused, counted and logged.</summary>
public sealed class CommandTests : IAsyncDisposable
{
    private const string Secret = "the secret of them all";
    private const long Mi = 1024 * 1024;

    private readonly TestDeployment _deployment = new();
    private int _leaveAsked;

    public ValueTask DisposeAsync() => _deployment.DisposeAsync();

    [Fact]
    public async Task A_member_drains_a_node_and_changes_its_memory_budget_over_the_links_of_another_region()
    {
        TestNode east = await StartAsync("e1", "east");
        TestNode west = await StartAsync("w1", "west", ("east", "e1"));
        using Member member = await Member.ConnectAsync(west, Secret);
        NodeReport target = await member.ReportAsync("e1");
        // A report has come this way; that a command finds it as well takes a moment.
        await Layout.KnownAsync(_deployment, "w1", ControlSubjects.Command("east", "e1"), nodes: 0, regions: 1);

        NodeAnswer grown = await member.CommandAsync(target, new() { Kind = NodeCommandKind.SetMemoryLimit, NodeId = target.Id, CommandId = Guid.NewGuid(), MemoryLimitBytes = 3072 * Mi });
        Assert.Equal((true, ""), (grown.IsDone, grown.Problem));
        await Eventually.TrueAsync(() => east.Budget.LimitBytes == 3072 * Mi);
        await member.ReportAsync("e1", report => report.Memory.LimitBytes == 3072 * Mi);

        NodeCommand drain = Drain(target);
        NodeAnswer drained = await member.CommandAsync(target, drain);
        Assert.Equal((true, drain.CommandId), (drained.IsDone, drained.CommandId));
        await Eventually.TrueAsync(() => _leaveAsked == 1);
        Assert.Equal(1, east.Log.Count("command taken: drain"));
        Assert.Equal(2, east.Bus.Health.Commands(CommandResult.Taken));
        Assert.Equal(0, west.Bus.Health.Commands(CommandResult.Taken));
        member.Dispose();
        await _deployment.EndAsync();
    }

    [Fact]
    public async Task A_command_that_does_not_fit_is_answered_with_why_and_changes_nothing()
    {
        TestNode node = await StartAsync("e1", "east");
        using Member member = await Member.ConnectAsync(node, Secret);
        NodeReport target = await member.ReportAsync("e1");

        NodeAnswer small = await member.CommandAsync(target, new() { Kind = NodeCommandKind.SetMemoryLimit, NodeId = target.Id, CommandId = Guid.NewGuid(), MemoryLimitBytes = 7 });
        Assert.Equal((false, "7 is no memory budget; accepted is a number of bytes from 1048576 up"), (small.IsDone, small.Problem));

        NodeAnswer foreign = await member.CommandAsync(target, Drain(target) with { NodeId = "NSOMEBODYELSE" });
        Assert.Equal((false, "it is for another lifetime of the node"), (foreign.IsDone, foreign.Problem));

        NodeAnswer stale = await member.CommandAsync(target, Drain(target), DateTimeOffset.UtcNow.AddMinutes(-5));
        Assert.Equal((false, "it was sealed more than 120 s from this node's time"), (stale.IsDone, stale.Problem));

        byte[] once = member.Seal(target, Drain(target));
        Assert.True((await member.RequestAsync(target, once)).IsDone);
        NodeAnswer again = await member.RequestAsync(target, once);
        Assert.Equal((false, "it was taken before"), (again.IsDone, again.Problem));

        await Eventually.TrueAsync(() => _leaveAsked == 1);
        Assert.Equal(2048 * Mi, node.Budget.LimitBytes);
        Assert.Equal((2, 1, 1, 1), (
            node.Bus.Health.Commands(CommandResult.Taken), node.Bus.Health.Commands(CommandResult.Foreign),
            node.Bus.Health.Commands(CommandResult.Stale), node.Bus.Health.Commands(CommandResult.Replayed)));
        Assert.Equal(3, node.Log.Count("command refused"));
        Assert.Contains("causeway_commands_total{", await _deployment.TextAsync("e1", "/metrics"), StringComparison.Ordinal);
        member.Dispose();
        await _deployment.EndAsync();
    }

    [Fact]
    public async Task Strangers_are_not_heard_and_a_flood_of_them_is_one_line_and_does_no_harm()
    {
        const int floods = 500;
        TestNode node = await StartAsync("e1", "east");
        using Member member = await Member.ConnectAsync(node, Secret);
        using Member stranger = await Member.ConnectAsync(node, "a secret of somebody else");
        NodeReport target = await member.ReportAsync("e1");
        byte[] forged = stranger.Seal(target, Drain(target));

        for (int i = 0; i < floods; i++)
        {
            await stranger.SendAsync(target, forged);
        }

        await stranger.SendAsync(target, new byte[300_000]);
        await stranger.SendAsync(target, []);

        await Eventually.TrueAsync(() => node.Bus.Health.Commands(CommandResult.Forged) == floods + 1 && node.Bus.Health.Commands(CommandResult.TooLarge) == 1);
        Assert.InRange(node.Log.Count("command refused: it was not sealed with this deployment's key for this node"), 1, 30);
        Assert.Equal(0, _leaveAsked);
        Assert.True((await member.CommandAsync(target, Drain(target))).IsDone);
        await Eventually.TrueAsync(() => _leaveAsked == 1);
        member.Dispose();
        stranger.Dispose();
        await _deployment.EndAsync();
    }

    [Fact]
    public async Task A_process_that_takes_no_request_to_leave_says_so()
    {
        TestNode node = await _deployment.StartAsync("e1", "east", health: Quick.Health);
        using Member member = await Member.ConnectAsync(node);
        NodeReport target = await member.ReportAsync("e1");

        NodeAnswer answer = await member.CommandAsync(target, Drain(target));

        Assert.Equal((false, "the process that this node is part of takes no request to leave"), (answer.IsDone, answer.Problem));
        member.Dispose();
        await _deployment.EndAsync();
    }

    [Fact]
    public async Task A_drain_over_the_bus_ends_a_process_as_its_signal_does()
    {
        using ServeProcess serve = await ServeProcess.StartAsync("--region east --name e1 --link-listen 127.0.0.1:0 --lame-duck-grace 3s --lame-duck-duration 3100ms");
        using Member member = await Member.ConnectAsync(serve.Address);
        NodeReport target = await member.ReportAsync("e1");

        Assert.True((await member.CommandAsync(target, Drain(target))).IsDone);

        await member.ReportAsync("e1", report => report.State == NodeState.Draining);
        Assert.Equal(0, await serve.ExitCodeAsync());
        Assert.Contains("lame duck", serve.Log, StringComparison.Ordinal);
        Assert.Contains("0 accounts leaked 0 bytes", serve.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_secret_a_node_that_is_reached_from_outside_takes_no_commands()
    {
        LogCapture log = new();
        using BusNode node = new(
            new BusOptions { Name = "e1", Listen = new IPEndPoint(IPAddress.Any, 0), Links = new() { Region = "east", Listen = new(IPAddress.Loopback, 0) }, Health = Quick.Health }, log);
        node.LeaveAsked += () => Interlocked.Increment(ref _leaveAsked);
        node.Start();
        using Member member = await Member.ConnectAsync(new IPEndPoint(IPAddress.Loopback, node.ClientAddress.Port));
        NodeReport target = await member.ReportAsync("e1");

        await member.SendAsync(target, member.Seal(target, Drain(target)));
        await member.ReportAsync("e1", report => report.Sequence >= target.Sequence + 3);

        Assert.Equal(1, log.Count("commands over the bus are not taken"));
        Assert.Equal((0, 0), (_leaveAsked, node.Health.Commands(CommandResult.Taken)));
    }

    private static NodeCommand Drain(NodeReport target) => new() { Kind = NodeCommandKind.Drain, NodeId = target.Id, CommandId = Guid.NewGuid() };

    private async Task<TestNode> StartAsync(string name, string region, params (string Region, string Node)[] remotes)
    {
        TestNode node = await _deployment.StartAsync(
            name, region, remotes: remotes, configure: links => links with { Secret = System.Text.Encoding.UTF8.GetBytes(Secret) }, health: Quick.Health);
        node.Bus.LeaveAsked += () => Interlocked.Increment(ref _leaveAsked);
        return node;
    }
}

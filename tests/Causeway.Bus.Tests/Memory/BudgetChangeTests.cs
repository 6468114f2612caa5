using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Bus.Tests.Memory;

/// <summary>The budget is changed while the node works.</summary>
public sealed class BudgetChangeTests
{
    private const long Mi = 1024 * 1024;

    [Fact]
    public async Task Lowered_under_load_it_sheds_the_largest_and_raised_it_takes_in_again()
    {
        Limits limits = new() { WriteStallTimeout = TimeSpan.FromMinutes(10), PausePendingBytes = 64 * Mi };
        using TestNode node = TestNode.Start(limits, memoryLimitBytes: 256 * Mi);
        using ControlPair control = ControlPair.Start(node);
        Filler[] fillers = [.. await Task.WhenAll(Enumerable.Range(1, 5).Select(number => Filler.CreateAsync(node, $"filler{number}")))];
        for (int i = 0; i < fillers.Length; i++)
        {
            await fillers[i].FillAsync((4 + (2 * i)) * Mi);
        }

        Assert.Equal(GovernorStep.Calm, node.Governor.Step);
        Assert.InRange(node.Budget.Total, 40 * Mi, 60 * Mi);

        // 4, 6, 8, 10 and 12 MiB wait: the largest three must go, for less than three quarters of the new budget.
        node.Bus.SetMemoryLimit(20 * Mi);
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.SlowConsumerMemory) == 3);
        await Eventually.TrueAsync(() => node.Governor.Step <= GovernorStep.Warn);
        Assert.Equal([false, false, true, true, true], fillers.Select(filler => filler.IsClosed));
        Assert.Equal(3, node.Governor.ShedClients);
        Assert.Equal(1, node.Log.Count("memory budget changed"));
        await control.GoOnAsync(20);

        // So little that what is there already is too much.
        node.Bus.SetMemoryLimit(Mi / 4);
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.SlowConsumerMemory) == 5);
        await control.GoOnAsync(20);

        node.Bus.SetMemoryLimit(64 * Mi);
        await Eventually.TrueAsync(() => node.Governor.Step == GovernorStep.Calm);
        Filler late = await Filler.CreateAsync(node, "late");
        await late.FillAsync(8 * Mi);
        await late.ReadAllAsync();
        await control.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task Below_what_must_be_there_it_refuses_the_new_and_serves_the_old()
    {
        using TestNode node = TestNode.Start(memoryLimitBytes: 64 * Mi);
        using ControlPair control = ControlPair.Start(node);
        TestClient old = await node.SubscriberAsync("old");
        node.Bus.SetMemoryLimit(64 * 1024);
        await Eventually.TrueAsync(() => node.Governor.Step == GovernorStep.RefuseNew);
        Assert.Equal(["INFO", "-ERR"], (await (await node.OpenAsync()).ReadToEndAsync()).Select(frame => frame.Text.Split(' ')[0]));
        await old.PublishAsync("old", "still served");
        Assert.Equal("still served", (await old.MessageAsync()).PayloadText);
        await old.SendAsync("SUB new 2\r\n");
        Assert.Equal("-ERR 'maximum subscriptions exceeded'", (await old.NextAsync()).Text);
        await control.GoOnAsync(20);

        node.Bus.SetMemoryLimit(64 * Mi);
        await Eventually.TrueAsync(() => node.Governor.Step == GovernorStep.Calm);
        await old.SubscribeAsync("new", "2");
        await node.SubscriberAsync("welcome");
        await control.EndAsync();
        await node.EndAsync();
    }
}

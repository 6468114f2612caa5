using Causeway.Drill.Engine;
using Causeway.Drill.Load;
using Causeway.Drill.Scripts;
using Causeway.Drill.Tests.Fakes;
using Xunit;

namespace Causeway.Drill.Tests.Engine;

public sealed class ActionLanesTests : IAsyncDisposable
{
    private readonly FakeDeployment _deployment = new(["east", "west"], 1);
    private readonly SlowLoad _load = new();
    private readonly List<string> _told = [];

    public ValueTask DisposeAsync() => _deployment.DisposeAsync();

    [Fact]
    public async Task Of_levels_that_wait_only_the_newest_is_set()
    {
        ActionLanes lanes = new(new ActionShell(_deployment, _load), (_, _, text) => _told.Add(text));
        for (int clients = 1; clients <= 5; clients++)
        {
            lanes.Do(new PlannedAction(TimeSpan.Zero, "load", null, new SetLoad("east", new LoadLevel { Clients = clients })), TestContext.Current.CancellationToken);
        }

        lanes.Do(new PlannedAction(TimeSpan.Zero, "load", null, new SetLoad("west", new LoadLevel { Clients = 9 })), TestContext.Current.CancellationToken);
        Assert.Equal([1, 9], _load.Set);
        _load.Gate.SetResult();
        await lanes.DoneAsync(TestContext.Current.CancellationToken);
        Assert.Equal([1, 9, 5], _load.Set);
    }

    [Fact]
    public void Links_do_not_wait_for_lanes()
    {
        ActionLanes lanes = new(new ActionShell(_deployment, _load), (_, _, text) => _told.Add(text));
        lanes.Do(new PlannedAction(TimeSpan.Zero, "load", null, new SetLoad("east", new LoadLevel())), TestContext.Current.CancellationToken);
        lanes.Do(new PlannedAction(TimeSpan.Zero, "cut", "", new CutLink(new LinkChoice("east", "west"))), TestContext.Current.CancellationToken);
        Assert.Equal(["cut east west"], _deployment.Log);
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_told()
    {
        ActionLanes lanes = new(new ActionShell(_deployment, _load), (_, _, text) => _told.Add(text));
        lanes.Do(new PlannedAction(TimeSpan.Zero, "kill", "", new KillNode(new NodeChoice("east", 4))), TestContext.Current.CancellationToken);
        await lanes.DoneAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["node east/4 is killed: east has 1 nodes, and no number 4"], _told);
    }

    private sealed class SlowLoad : ILoad
    {
        public TaskCompletionSource Gate { get; } = new();

        public List<int> Set { get; } = [];

        public Task SetAsync(string region, LoadLevel level, CancellationToken cancellationToken)
        {
            Set.Add(level.Clients);
            return Gate.Task;
        }

        public Task SettleAsync(TimeSpan most, CancellationToken cancellationToken) => Task.CompletedTask;

        public IReadOnlyList<LoadSample> Sample() => [];

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using Causeway.Drill.Deployments;
using Causeway.Drill.Processes;
using Causeway.Drill.Tests.Fakes;
using Causeway.Shaper;
using Xunit;

namespace Causeway.Drill.Tests.Deployments;

public sealed class DeploymentBaselineTests : IAsyncDisposable
{
    private const long Limit = 512 << 20;

    private readonly FakeDeployment _deployment = new(["east", "west"], 2);
    private readonly DeploymentBaseline _baseline;

    public DeploymentBaselineTests() => _baseline = new DeploymentBaseline(_deployment, (_, _) => new LinkConditions { Latency = TimeSpan.FromMilliseconds(20) }, Limit);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _deployment.DisposeAsync();

    [Fact]
    public async Task Whatever_was_done_is_put_back()
    {
        _deployment.Stall("east", "west");
        await _deployment.KillAsync("west-2");
        _deployment.Find("east-1").IsLeaving = true;
        await _deployment.AddNodeAsync("west", Token);
        await _deployment.SetMemoryLimitAsync("west", 3 * Limit, Token);
        _deployment.Log.Clear();
        await _baseline.RestoreAsync(Token);
        Assert.Equal(["east-1", "east-2", "west-1", "west-2"], _deployment.Nodes.Select(node => node.Name));
        Assert.All(_deployment.Fakes, node => Assert.True(node.ProcessId != 0 && !node.IsLeaving && node.MemoryLimitBytes == Limit));
        Assert.Equal(
            [
                "unstall east west", "shape east west 20", "unstall west east", "shape west east 20", "undrain region east", "undrain region west", "remove west-3",
                "kill east-1", "restart east-1", "kill west-2", "restart west-2", $"limit east {Limit}", $"limit west {Limit}",
            ],
            _deployment.Log);
    }

    [Fact]
    public async Task What_can_not_be_put_back_is_told_and_the_rest_is_done()
    {
        await _deployment.KillAsync("west-2");
        _deployment.RestartFault = new ProcessException("node 'west-2' does not start");
        ProcessException problem = await Assert.ThrowsAsync<ProcessException>(() => _baseline.RestoreAsync(Token));
        Assert.Equal("node 'west-2' does not start", problem.Message);
        Assert.Equal($"limit west {Limit}", _deployment.Log[^1]);
    }
}

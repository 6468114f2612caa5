using Causeway.Drill.Deployments;
using Causeway.Drill.Load;
using Causeway.Shaper;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Drill.Tests.Load;

/// <summary>The load against real deployments: what it says must be what happened.</summary>
public sealed class SyntheticLoadTests
{
    private static readonly LoadSettings Quick = new() { SettleAfter = TimeSpan.FromMilliseconds(500), RoomMembers = 4, CallTimeout = TimeSpan.FromSeconds(2) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_chat_call_and_hold_subscriptions_and_all_of_it_arrives()
    {
        await using CausewayDeployment deployment = await StartAsync();
        await using SyntheticLoad load = SyntheticLoad.Start(deployment, Quick);
        foreach (string region in deployment.Regions)
        {
            await load.SetAsync(region, new LoadLevel { Clients = 12, LocalMessagesPerSecond = 100, GlobalMessagesPerSecond = 20, CallsPerSecond = 10, HeldSubscriptions = 5000, ChurnPerSecond = 100 }, Token);
        }

        await Eventually.TrueAsync(() => load.Sample().All(sample => sample is { Settled: 12, RemoteReceived: > 20, LocalReceived: > 200, CallsAnswered: > 10, HeldSubscriptions: 5000 }));
        foreach (string region in deployment.Regions)
        {
            await load.SetAsync(region, new LoadLevel { Clients = 12, HeldSubscriptions = 5000 }, Token);
        }

        await load.SettleAsync(TimeSpan.FromSeconds(10), Token);
        Assert.All(load.Sample(), sample =>
        {
            Assert.Equal((0, 0, 0), (sample.LocalLost, sample.RemoteLost, sample.Disordered));
            Assert.Equal((12, 0, 0), (sample.Connected, sample.Reconnects, sample.RefusedSubscriptions));
            Assert.Equal(12, sample.ConnectedTo[sample.Region]);
        });
        Assert.InRange((await deployment.SampleAsync(Token)).Sum(sample => sample.Subscriptions), 10_000, 10_200);
    }

    private static Task<CausewayDeployment> StartAsync() => CausewayDeployment.StartAsync(
        new DeploymentSettings
        {
            Regions = ["east", "west"],
            Program = TestServer.CausewayProgram,
            Links = (_, _) => new LinkConditions { Latency = TimeSpan.FromMilliseconds(20) },
        },
        Token);
}

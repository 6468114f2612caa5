using Causeway.Drill.Deployments;
using Causeway.Shaper;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Drill.Tests.Deployments;

/// <summary>Small deployments of either bus.</summary>
internal static class BothBuses
{
    public static async Task<LocalDeployment> StartAsync(string bus, Func<DeploymentSettings, DeploymentSettings>? change = null)
    {
        DeploymentSettings settings = new()
        {
            Regions = ["east", "west"],
            Program = TestServer.CausewayProgram,
            Links = (_, _) => new LinkConditions { Latency = TimeSpan.FromMilliseconds(20) },
        };
        settings = change?.Invoke(settings) ?? settings;
        return bus == ServerKinds.Nats
            ? await NatsDeployment.StartAsync(settings, TestContext.Current.CancellationToken)
            : await CausewayDeployment.StartAsync(settings, TestContext.Current.CancellationToken);
    }
}

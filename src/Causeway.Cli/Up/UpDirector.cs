using System.Net;
using System.Text;
using Causeway.Client;
using Causeway.Core.Links;
using Causeway.Director.Access;
using Causeway.Director.Http;
using Causeway.Director.Pages;
using Causeway.Director.Store;
using Causeway.Drill.Deployments;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Up;

/// <summary>The director of <c>causeway up</c>: in the command's own process, as its page starts drills that only this process can do.</summary>
internal static class UpDirector
{
    /// <summary>Starts it, and has the deployment's clients follow it once it knows the regions.</summary>
    public static async Task<DirectorServer> StartAsync(CausewayDeployment deployment, IDrillControl drills, ILogger log, CancellationToken cancellation)
    {
        string token = deployment.CreateOperatorToken();
        DirectorOptions options = new()
        {
            Name = "director-1",
            Listen = new IPEndPoint(IPAddress.Loopback, deployment.TakePort()),
            Servers = [.. deployment.Nodes.Select(node => ServerAddress.Parse(node.ClientAddress))],
            Key = new DeploymentKey("causeway", await File.ReadAllBytesAsync(deployment.KeyFile, cancellation)),
            Access = new OperatorAccess(Encoding.UTF8.GetBytes(token)),
            Drills = drills,
        };
        DirectorServer director = await DirectorServer.StartAsync(options, DirectorStores.Open("", options.Key.Deployment, options.Time, log), log);
        try
        {
            await deployment.UseDirectorAsync(director.Address, token, cancellation);
            return director;
        }
        catch
        {
            await director.DisposeAsync();
            throw;
        }
    }
}

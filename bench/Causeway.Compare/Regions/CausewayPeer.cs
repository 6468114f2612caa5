namespace Causeway.Compare.Regions;

/// <summary>Causeway: links within a region and between regions.</summary>
internal sealed class CausewayPeer(string dll) : Peer(ServerKind.CausewayName)
{
    private const string Secret = "a secret of the comparison's nodes, on the loopback only";

    public override bool OneSideDials => true;

    public override string InterestPath => "linkz";

    public override int LinkPort(NodePlan plan) => plan.RoutePort;

    public override IReadOnlyList<string> Command(NodePlan plan, string folder)
    {
        List<string> command =
        [
            "dotnet", dll, "serve", "--listen", NodePlan.At(plan.ClientPort), "--http", NodePlan.At(plan.HttpPort), "--name", plan.Name,
            "--region", plan.Region, "--link-listen", NodePlan.At(plan.RoutePort),
            "--deployment-key-file", Write(folder, "deployment.key", Secret),
        ];
        if (plan.Peers.Count > 0)
        {
            command.AddRange(["--peers", string.Join(',', plan.Peers.Select(peer => NodePlan.At(peer.RoutePort)))]);
        }

        foreach ((string region, int port) in plan.Remotes)
        {
            command.AddRange(["--remote", $"{region}={NodePlan.At(port)}"]);
        }

        if (plan.ShapedPort is { } shaped)
        {
            command.AddRange(["--link-advertise", NodePlan.At(shaped)]);
        }

        return command;
    }

    // A message crosses only where its interest is known, so what arrives says it all.
    public override bool? IsSynced(string page, long subscriptions) => null;
}

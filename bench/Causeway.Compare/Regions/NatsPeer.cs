using System.Text;
using System.Text.Json;

namespace Causeway.Compare.Regions;

/// <summary>nats-server: routes within a region, gateways between regions.</summary>
internal sealed class NatsPeer() : Peer(ServerKind.NatsServerName)
{
    private const string Account = "$G";

    public override bool OneSideDials => false;

    public override string InterestPath => "gatewayz?accs=1";

    public override int LinkPort(NodePlan plan) => plan.GatewayPort;

    public override IReadOnlyList<string> Command(NodePlan plan, string folder)
    {
        StringBuilder text = new();
        text.AppendLine($"listen: \"{NodePlan.At(plan.ClientPort)}\"");
        text.AppendLine($"http: \"{NodePlan.At(plan.HttpPort)}\"");
        text.AppendLine($"server_name: \"{plan.Name}\"");
        if (plan.Peers.Count > 0)
        {
            string routes = string.Join(", ", plan.Peers.Select(peer => $"\"nats-route://{NodePlan.At(peer.RoutePort)}\""));
            text.AppendLine($"cluster {{ name: \"{plan.Region}\", listen: \"{NodePlan.At(plan.RoutePort)}\", routes: [{routes}] }}");
        }

        if (plan.Remotes.Count > 0 || plan.ShapedPort is not null)
        {
            string remotes = string.Join(", ", plan.Remotes.Select(remote => $"{{ name: \"{remote.Region}\", url: \"nats://{NodePlan.At(remote.Port)}\" }}"));
            string advertise = plan.ShapedPort is { } port ? $" advertise: \"{NodePlan.At(port)}\"," : "";
            text.AppendLine($"gateway {{ name: \"{plan.Region}\", listen: \"{NodePlan.At(plan.GatewayPort)}\",{advertise} gateways: [{remotes}] }}");
        }

        return ["nats-server", "-c", Write(folder, plan.Name + ".conf", text.ToString())];
    }

    // While its list comes, a gateway passes all messages on, so that what arrives says little: the mode says whether the list is whole.
    public override bool? IsSynced(string page, long subscriptions)
    {
        using JsonDocument document = JsonDocument.Parse(page);
        return document.RootElement.GetProperty("outbound_gateways").EnumerateObject().Any(gateway =>
            gateway.Value.TryGetProperty("accounts", out JsonElement accounts) && accounts.EnumerateArray().Any(account =>
                account.GetProperty("name").GetString() == Account
                && account.GetProperty("interest_mode").GetString() == "Interest-Only"
                && account.TryGetProperty("num_subs", out JsonElement count) && count.GetInt64() >= subscriptions));
    }
}

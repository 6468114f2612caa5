using Causeway.Compare.Regions;
using Xunit;

namespace Causeway.Compare.Tests.Regions;

public sealed class PeerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("causeway-peer-tests-");

    [Theory]
    [InlineData("Interest-Only", 100, true)]
    [InlineData("Interest-Only", 99, false)]
    [InlineData("Optimistic", 100, false)]
    public void A_gateway_is_synced_when_it_has_the_whole_list(string mode, int subscriptions, bool synced)
    {
        string account = $$"""{"name":"$G","interest_mode":"{{mode}}","num_subs":{{subscriptions}} }""";
        string page = """{"outbound_gateways":{"us-west":{"accounts":[{"name":"$SYS","interest_mode":"Interest-Only","num_subs":39},""" + account + "]}}}";
        Assert.Equal(synced, new NatsPeer().IsSynced(page, 100));
    }

    [Fact]
    public void A_gateway_that_is_not_connected_is_not_synced() => Assert.False(new NatsPeer().IsSynced("""{"outbound_gateways":{}}""", 0));

    [Fact]
    public void Nodes_of_regions_know_only_what_they_are_told_to()
    {
        NodePlan west = new("west-1", "us-west") { ShapedPort = 1234, Remotes = [("us-east", 4321)] };
        string command = string.Join(' ', new CausewayPeer("causeway.dll").Command(west, _folder.FullName));
        Assert.Contains("--link-advertise 127.0.0.1:1234", command, StringComparison.Ordinal);
        Assert.Contains("--remote us-east=127.0.0.1:4321", command, StringComparison.Ordinal);
        Assert.DoesNotContain("--peers", command, StringComparison.Ordinal);

        string file = new NatsPeer().Command(west, _folder.FullName)[^1];
        string text = File.ReadAllText(file);
        Assert.Contains("advertise: \"127.0.0.1:1234\"", text, StringComparison.Ordinal);
        Assert.Contains("nats://127.0.0.1:4321", text, StringComparison.Ordinal);
        Assert.DoesNotContain("cluster", text, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

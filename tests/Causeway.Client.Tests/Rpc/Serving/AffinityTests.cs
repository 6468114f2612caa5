using Causeway.Client.Rpc;
using Xunit;

namespace Causeway.Client.Tests.Rpc.Serving;

public sealed class AffinityTests
{
    [Fact]
    public void The_least_loaded_is_wanted_most()
    {
        Assert.True(RpcAffinities.LeastLoaded("", new("a", "", 0.2, false)) > RpcAffinities.LeastLoaded("", new("b", "", 0.3, true)));
        Assert.True(RpcAffinities.LeastLoaded("", new("b", "", 50, true)) > 0);
    }

    [Fact]
    public void By_key_each_server_gets_its_share_and_keeps_it_when_another_leaves()
    {
        string[] servers = [.. Enumerable.Range(0, 5).Select(i => $"srv{i}")];
        string Of(string key, IEnumerable<string> among) => among.MaxBy(server => RpcAffinities.ByKey(key, new(server, "", 0, false)))!;
        string[] keys = [.. Enumerable.Range(0, 5000).Select(i => $"room-{i}")];

        Dictionary<string, string> before = keys.ToDictionary(key => key, key => Of(key, servers));

        Assert.All(servers, server => Assert.InRange(before.Values.Count(of => of == server), 850, 1150));
        Assert.All(keys.Where(key => before[key] != "srv3"), key => Assert.Equal(before[key], Of(key, servers.Where(server => server != "srv3"))));
    }
}

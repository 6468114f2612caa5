using System.Diagnostics;
using System.Globalization;
using Causeway.Client.Rpc;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Client.Tests.Rpc;

/// <summary>Calls and streams between two regions with a node each: answers find their way back without any interest in inboxes.</summary>
public sealed class RpcRegionsTests(SharedServers servers) : RpcTest(servers)
{
    private long _notYet;

    [Fact]
    public async Task Calls_streams_and_moved_keys_work_between_regions_with_the_same_number_of_messages()
    {
        string eastLinks = At(FreePorts.Take());
        await using TestServer east = await TestServer.StartAsync(
            ServerKinds.Causeway, null, "--region", "us-east", "--name", "e1", "--link-listen", eastLinks);
        await using TestServer west = await TestServer.StartAsync(
            ServerKinds.Causeway, null, "--region", "us-west", "--name", "w1", "--link-listen", At(FreePorts.Take()), "--remote", $"us-east={eastLinks}");
        Contract contract = new();
        FakeTimeProvider time = new();
        Host eastHost = await ServeAsync(await ConnectToAsync(east.Url, options => On(options, time)), contract, Handlers(contract, "us-east"));
        Host westHost = await ServeAsync(await ConnectToAsync(west.Url, options => On(options, time)), contract, Handlers(contract, "us-west"));
        eastHost.Keys.Labels = "us-east";
        westHost.Keys.Labels = "us-west";
        eastHost.Keys.Add("room");
        BusClient bus = await ConnectToAsync(west.Url);
        RpcClient caller = await CallerAsync(bus);
        BusClient[] all = [bus, eastHost.Bus, westHost.Bus];
        await ReachedAsync(caller, contract, eastHost);
        await AnnounceAsync(time, [eastHost, westHost]);
        await PassedAsync(eastHost.Bus, westHost.Bus);
        await PassedAsync(westHost.Bus, eastHost.Bus);

        // To the one room's server in the other region: asked of all first, then straight.
        Assert.Equal("us-east", await CallAsync(caller, contract.Echo, RpcTarget.Key("room"), "x"));
        Assert.Equal(eastHost.Server.Address, caller.ServerOf(contract.Service, "room"));
        long before = caller.Statistics.Sent;
        Assert.Equal("us-east", await CallAsync(caller, contract.Echo, RpcTarget.Key("room"), "x"));
        Assert.Equal(before + 1, caller.Statistics.Sent);
        Assert.Equal(1, caller.Statistics.Claims);

        // A server in the caller's region passes it on to the other region, whose answer comes straight back.
        Assert.Equal("us-east", await CallAsync(caller, contract.Echo, RpcTarget.Best("us-east"), "x"));
        Assert.Equal("us-west", await CallAsync(caller, contract.Echo, RpcTarget.Best("us-west"), "x"));
        Assert.Equal(1, westHost.Server.Statistics.Forwarded);

        await using RpcStream<string, string> stream = await OpenAsync(caller, contract.Chat, RpcTarget.Key("room"));
        for (int i = 0; i < 500; i++)
        {
            await stream.WriteAsync($"{i}", Cancelled);
        }

        stream.Complete();
        List<string> values = [];
        await foreach (string value in stream.WithCancellation(Cancelled))
        {
            values.Add(value);
        }

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), values);

        // The room moves to this region.
        westHost.Keys.Add("room");
        eastHost.Keys.HandOver("room", westHost.Server.Address);
        Assert.Equal("us-west", await CallAsync(caller, contract.Echo, RpcTarget.Key("room"), "x"));
        Assert.Equal(westHost.Server.Address, caller.ServerOf(contract.Service, "room"));
        Assert.Equal(0, caller.Statistics.Failed + caller.Statistics.Strays + caller.Statistics.DuplicateServers - _notYet);
        Assert.All(all, client => Assert.InRange(client.Statistics.Subscriptions, 1, 3));
    }

    /// <summary>Waits until the caller's region knows of the other's server.</summary>
    private async Task ReachedAsync(RpcClient caller, Contract contract, Host host)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await CallAsync(caller, contract.Echo, RpcTarget.At(host.Server.Address), "x", TimeSpan.FromSeconds(1));
                return;
            }
            catch (RpcException notYet) when (notYet.Code is RpcCode.Unavailable or RpcCode.DeadlineExceeded)
            {
                _notYet++;
                Assert.True(Stopwatch.GetElapsedTime(began) < Eventually.Deadline);
            }
        }
    }

    /// <summary>Waits until the other region has what was published here before: messages of one client keep their order.</summary>
    private static async Task PassedAsync(BusClient from, BusClient to)
    {
        string subject = SharedServers.NewSubject();
        await using Subscription heard = await to.SubscribeAsync(subject, cancellationToken: Cancelled);
        await to.FlushAsync(Cancelled);
        await Eventually.TrueAsync(() => from.TryPublish(subject, default) && heard.PendingMessages > 0);
    }

    private static RpcHandlers Handlers(Contract contract, string region) =>
        new RpcHandlers { Affinity = (key, candidate) => candidate.Labels == key ? 1 : 0.1 }
            .On(contract.Echo, (_, _) => Task.FromResult(region))
            .On(contract.Chat, async (stream, context) =>
            {
                await foreach (string value in stream.WithCancellation(context.Cancelled))
                {
                    await stream.WriteAsync(value, context.Cancelled);
                }
            });

    private static string At(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}

using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Clients;
using Xunit;

namespace Causeway.Bus.Tests.Connections;

/// <summary>Who is one too many is told so and closed; the room is for those who are in, and it is free again once they go.</summary>
public sealed class MaxConnectionsTests
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(5);

    private const string Full = "-ERR 'maximum connections exceeded'";

    [Fact]
    public async Task One_too_many_is_told_so_and_there_is_room_again()
    {
        using TestNode node = TestNode.Start(new Limits { MaxConnections = 5 });
        using ControlPair control = ControlPair.Start(node);
        TestClient[] clients = await node.SubscribersAsync(3, "x");
        await ExpectRefusalAsync(await node.OpenAsync());
        Assert.Equal(1, node.Bus.Reception.Refused);
        Assert.Equal(1, node.Log.Count("connection refused: max-connections reached"));

        clients[0].Dispose();
        await EventuallyAdmittedAsync(node);
        await control.EndAsync();
        await node.EndAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_crowd_that_comes_at_once_gets_no_more_places_than_there_are(int loops)
    {
        const int places = 10;
        const int crowd = 300;
        using TestNode node = TestNode.Start(new Limits { MaxConnections = places }, loops);
        TestClient[] clients = await Task.WhenAll(Enumerable.Range(0, crowd).Select(_ => node.OpenAsync()));
        bool[] admitted = await Task.WhenAll(clients.Select(IsAdmittedAsync));
        Assert.Equal(places, admitted.Count(yes => yes));
        Assert.Equal(crowd - places, node.Bus.Reception.Refused);
        await node.EndAsync();
    }

    [Fact]
    public async Task Those_who_were_refused_and_stay_take_no_place()
    {
        using TestNode node = TestNode.Start(new Limits { MaxConnections = 3, CloseLingerTimeout = TimeSpan.FromMinutes(1) });
        TestClient[] clients = await node.SubscribersAsync(3, "x");
        TestClient[] refused = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => node.OpenAsync()));
        await Eventually.TrueAsync(() => node.Bus.Reception.Refused == refused.Length);

        // None of the refused has closed its side.
        clients[0].Dispose();
        await EventuallyAdmittedAsync(node);
        await node.EndAsync();
    }

    [Fact]
    public async Task Thousands_who_are_refused_hurt_nobody()
    {
        const int crowd = 3000;
        using TestNode node = TestNode.Start(new Limits { MaxConnections = 2 });
        using ControlPair control = ControlPair.Start(node);
        int told = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, crowd),
            new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = TestContext.Current.CancellationToken },
            async (_, _) =>
            {
                using TestClient client = await TestClient.OpenAsync(node.Address);
                List<Frame> frames = await client.ReadToEndAsync();

                // Who comes while 256 others are being refused is closed without a word.
                if (frames.Count > 0)
                {
                    ExpectRefusal(frames);
                    Interlocked.Increment(ref told);
                }
            });
        Assert.InRange(told, crowd / 10, crowd);
        Assert.Equal(crowd, node.Bus.Reception.Refused);
        await node.ConnectionsAsync(2);
        await control.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task Refused_who_stay_are_bounded_too()
    {
        const int crowd = 600;
        using TestNode node = TestNode.Start(new Limits { MaxConnections = 2, CloseLingerTimeout = TimeSpan.FromSeconds(1) });
        using ControlPair control = ControlPair.Start(node);
        int most = 0;
        for (int i = 0; i < crowd; i++)
        {
            await node.OpenAsync();
            most = Math.Max(most, node.Bus.Connections.Count);
        }

        await Eventually.TrueAsync(() => node.Bus.Reception.Refused == crowd);
        Assert.InRange(most, 2, 2 + 256);
        await node.ConnectionsAsync(2);
        Assert.InRange(node.ClosedFor(CloseReason.MaxConnectionsExceeded), 1, crowd);
        await control.EndAsync();
        await node.EndAsync();
    }

    private static async Task ExpectRefusalAsync(TestClient client) => ExpectRefusal(await client.ReadToEndAsync());

    private static void ExpectRefusal(List<Frame> frames)
    {
        Assert.Equal([FrameKind.Info, FrameKind.Error], frames.Select(frame => frame.Kind));
        Assert.Equal(Full, frames[1].Text);
    }

    /// <summary>True if the node answers a PING, false if it refuses the client or hangs up.</summary>
    private static async Task<bool> IsAdmittedAsync(TestClient client)
    {
        await client.TrySendAsync(Wire.Text(ClientSettings.Default.ConnectLine));
        return await client.TryFlushAsync();
    }

    private static async Task EventuallyAdmittedAsync(TestNode node)
    {
        using CancellationTokenSource timeout = new(Eventually.Deadline);
        while (true)
        {
            TestClient client = await node.OpenAsync();
            if (await IsAdmittedAsync(client))
            {
                return;
            }

            client.Dispose();
            Assert.False(timeout.IsCancellationRequested, "there is no room again");
            await Task.Delay(RetryInterval, TestContext.Current.CancellationToken);
        }
    }
}

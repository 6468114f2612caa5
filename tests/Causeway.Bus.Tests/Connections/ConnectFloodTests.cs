using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Clients;
using Xunit;

namespace Causeway.Bus.Tests.Connections;

/// <summary>
/// A thousand connections a second of all kinds, most of which have no good intentions. CAUSEWAY_CONNECT_FLOOD_SECONDS says for how
/// long; the default is short.
/// </summary>
public sealed class ConnectFloodTests
{
    private const int PerSecond = 1000;
    private const int PerStep = 10;
    private const int MostAtOnce = 500;
    private const long MostHeapGrowthBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1000.0 * PerStep / PerSecond);

    private static int Seconds => int.Parse(Environment.GetEnvironmentVariable("CAUSEWAY_CONNECT_FLOOD_SECONDS") ?? "5", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Leaves_nothing_behind_and_disturbs_nobody()
    {
        using TestNode node = TestNode.Start(new Limits { MaxClosedConnections = 100 });
        using ControlPair control = ControlPair.Start(node);
        await control.GoOnAsync(1);
        long heapBefore = GC.GetTotalMemory(forceFullCollection: true);

        int count = Seconds * PerSecond;
        List<Task> visits = new(count);
        using SemaphoreSlim places = new(MostAtOnce);
        long began = Stopwatch.GetTimestamp();
        for (int number = 0; number < count; number += PerStep)
        {
            for (int i = 0; i < PerStep; i++)
            {
                visits.Add(VisitAsync(node, number + i, places));
            }

            TimeSpan ahead = (Step * (number / PerStep)) - Stopwatch.GetElapsedTime(began);
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead, TestContext.Current.CancellationToken);
            }
        }

        await Task.WhenAll(visits);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} connections in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        await node.ConnectionsAsync(2);
        await control.EndAsync();
        await node.ConnectionsAsync(0);

        Assert.Equal(count + 2, node.Bus.Connections.Total);
        Assert.Equal(count / 5, node.ClosedFor(CloseReason.ProtocolViolation));
        Assert.Equal(0, node.Bus.Connections.SlowConsumers);
        Assert.Equal(0, node.Bus.Reception.Refused);
        Assert.Equal(0, node.Bus.AcceptErrors);
        visits.Clear();
        long grown = GC.GetTotalMemory(forceFullCollection: true) - heapBefore;
        Assert.InRange(grown, long.MinValue, MostHeapGrowthBytes);
        await node.EndAsync();
    }

    /// <summary>Comes and goes. On a machine that can't keep up, others wait until there is a place: descriptors are bounded.</summary>
    private static async Task VisitAsync(TestNode node, int number, SemaphoreSlim places)
    {
        await places.WaitAsync();
        await Task.Yield();
        try
        {
            await VisitAsync(node, number);
        }
        finally
        {
            places.Release();
        }
    }

    private static async Task VisitAsync(TestNode node, int number)
    {
        using TestClient client = await TestClient.OpenAsync(node.Address);
        switch (number % 5)
        {
            case 0:
                await client.SendAsync(ClientSettings.Default.ConnectLine);
                await client.FlushAsync();
                break;
            case 1:
                break;
            case 2:
                client.Reset();
                break;
            case 3:
                await client.SendAsync("GET / HTTP/1.1\r\nHost: bus\r\n\r\n");
                List<Frame> frames = await client.ReadToEndAsync();
                Assert.Equal("-ERR 'Unknown Protocol Operation'", frames[^1].Text);
                break;
            default:
                await client.SendAsync(ClientSettings.Default.ConnectLine + "SUB half.a 1\r\nPUB half.a 100\r\nincomplete");
                client.Socket.Shutdown(SocketShutdown.Both);
                break;
        }
    }
}

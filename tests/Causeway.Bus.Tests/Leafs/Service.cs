using System.Net;
using Causeway.Bus.Tests.Support;

namespace Causeway.Bus.Tests.Leafs;

/// <summary>An instance of a service: a member of a queue group that answers what it is asked, until it has been drained.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly TestClient _client;
    private readonly Task _working;

    private Service(TestClient client)
    {
        _client = client;
        _working = Task.Run(WorkAsync);
    }

    public static async Task<Service> StartAsync(IPEndPoint server)
    {
        // For as long as callers have other instances it may hear nothing at all.
        TestClient client = await TestClient.ConnectAsync(server, ClientSettings.Default with { Patience = Timeout.InfiniteTimeSpan });
        await client.SubscribeAsync("service.add", "1", "adders");
        return new Service(client);
    }

    /// <summary>
    /// Is there first, and then leaves where it was: as an application does that is restarted one instance at a time, which takes longer
    /// than word of it to reach the servers that <paramref name="callers"/> are connected to.
    /// </summary>
    public async Task<Service> MoveAsync(IPEndPoint server, params IPEndPoint[] callers)
    {
        Service next = await StartAsync(server);
        string subject = $"there.{Guid.NewGuid():N}";
        using TestClient behind = await LeafHarness.SubscriberAsync(server, subject);
        foreach (IPEndPoint caller in callers)
        {
            using TestClient probe = await LeafHarness.ConnectAsync(caller);
            await LeafHarness.ReachAsync(probe, behind, subject);
        }

        await DisposeAsync();
        return next;
    }

    /// <summary>Drains: takes nothing more, answers what it has, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _client.SendAsync("UNSUB 1\r\nPUB drained 0\r\n\r\nPING\r\n");
        await _working.InTimeAsync();
        _client.Dispose();
    }

    private async Task WorkAsync()
    {
        while (await _client.NextAsync() is { Kind: not (FrameKind.Pong or FrameKind.End) } frame)
        {
            if (frame.Kind == FrameKind.Message)
            {
                await _client.PublishAsync(frame.Reply, $"{frame.PayloadText} done");
            }
        }

        await _client.FlushAsync();
    }
}

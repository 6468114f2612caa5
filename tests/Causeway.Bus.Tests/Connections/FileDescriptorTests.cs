using System.Net;
using Causeway.Bus.Tests.Support;
using Xunit;

namespace Causeway.Bus.Tests.Connections;

/// <summary>A process that has no file descriptor left says so, keeps serving those it has, and accepts again once there is one.</summary>
public sealed class FileDescriptorTests
{
    private const int MaxFiles = 160;

    [Fact]
    public async Task Running_out_of_them_stops_nothing_but_accepting()
    {
        using ServeProcess serve = await ServeProcess.StartAsync(maxFiles: MaxFiles);
        using ControlPair control = ControlPair.Start(serve.Address);
        List<TestClient> crowd = [];
        for (int i = 0; i < MaxFiles + 50; i++)
        {
            crowd.Add(await TestClient.OpenAsync(serve.Address));
        }

        const string line = "accepting clients failed with errno 24";
        await Eventually.TrueAsync(() => Count(serve.Log, line) >= 3);
        await control.GoOnAsync(100);
        // Those who have a place can use it.
        await crowd[0].FlushAsync();
        // The others wait: none was taken in only to be closed.
        foreach (TestClient client in crowd.Take(MaxFiles / 2))
        {
            client.Dispose();
        }

        foreach (TestClient client in crowd.Skip(MaxFiles / 2))
        {
            await client.FlushAsync();
            client.Dispose();
        }

        using TestClient late = await serve.ConnectAsync();
        await late.FlushAsync();
        await control.EndAsync();
        Assert.False(serve.HasExited);
        Assert.InRange(Count(serve.Log, line), 3, 1000);
        serve.Send(Signal.Terminate);
        Assert.Equal(0, await serve.ExitCodeAsync());
    }

    [Fact]
    public async Task Strangers_who_take_them_all_by_links_do_not_keep_the_node_busy()
    {
        using ServeProcess serve = await ServeProcess.StartAsync("--region east --link-listen 127.0.0.1:0", MaxFiles);
        using ControlPair control = ControlPair.Start(serve.Address);
        const string listening = "listening for links on ";
        await Eventually.TrueAsync(() => serve.Log.Contains(listening));
        string address = serve.Log.Split(listening)[1].Split(',')[0];
        List<TestClient> crowd = [];
        for (int i = 0; i < MaxFiles + 50; i++)
        {
            crowd.Add(await TestClient.OpenAsync(IPEndPoint.Parse(address)));
        }

        const string line = "accepting links failed with errno 24";
        await Eventually.TrueAsync(() => Count(serve.Log, line) >= 2);
        await control.GoOnAsync(100);
        foreach (TestClient client in crowd)
        {
            client.Dispose();
        }

        using TestClient late = await serve.ConnectAsync();
        await late.FlushAsync();
        await control.EndAsync();
        Assert.InRange(Count(serve.Log, line), 2, 1000);
    }

    private static int Count(string log, string text) => log.Split(text).Length - 1;
}

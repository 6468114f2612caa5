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
        foreach (TestClient client in crowd)
        {
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

    private static int Count(string log, string text) => log.Split(text).Length - 1;
}

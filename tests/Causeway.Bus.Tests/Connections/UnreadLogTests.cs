using Causeway.Bus.Tests.Support;
using Xunit;

namespace Causeway.Bus.Tests.Connections;

/// <summary>A log that nobody reads: whoever should read it may be stuck, and no client is to wait for that.</summary>
public sealed class UnreadLogTests
{
    [Fact]
    public async Task Stops_nothing()
    {
        using ServeProcess serve = await ServeProcess.StartAsync("--max-connections 3 --log-level Debug", readsLog: false);
        using ControlPair control = ControlPair.Start(serve.Address);
        const int count = 6000;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken },
            async (number, _) =>
            {
                using TestClient client = await TestClient.OpenAsync(serve.Address);
                if (number % 2 == 0)
                {
                    client.Reset();
                }
                else
                {
                    await client.NextAsync();
                }
            });
        await control.EndAsync();
        serve.Send(Signal.Terminate);
        Assert.Equal(0, await serve.ExitCodeAsync());
    }
}

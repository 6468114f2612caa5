using System.Diagnostics;
using System.Net.Sockets;
using Causeway.Bus.Tests.Support;
using Xunit;

namespace Causeway.Bus.Tests.Leaving;

/// <summary>A real process under load that is told to leave: everything accepted is delivered, and the exit code is 0.</summary>
public sealed class SignalTests
{
    private const int Mi = 1024 * 1024;

    [Theory]
    [InlineData(Signal.Terminate, 1)]
    [InlineData(Signal.Terminate, 2)]
    [InlineData(Signal.Interrupt, 2)]
    public async Task Drains_under_load(object signal, int loops)
    {
        using ServeProcess serve = await ServeProcess.StartAsync($"--loops {loops}");
        using Load load = await Load.StartAsync(serve.Address);
        await load.GoOnAsync(2000);
        serve.Send((Signal)signal);
        await load.EndAsync();
        load.Dispose();
        Assert.Equal(0, await serve.ExitCodeAsync());
        Assert.Contains("stopped; 0 accounts leaked 0 bytes", serve.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_over_time_when_told_to_be_a_lame_duck()
    {
        using ServeProcess serve = await ServeProcess.StartAsync("--loops 2 --lame-duck-grace 5s --lame-duck-duration 5500ms");
        using TestClient observer = await serve.SubscriberAsync("observed");
        serve.Send(Signal.User2);
        Assert.Contains("\"ldm\":true", (await observer.NextAsync()).Text, StringComparison.Ordinal);
        SocketException refusal = await Assert.ThrowsAsync<SocketException>(() => TestClient.OpenAsync(serve.Address));
        Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
        await observer.PublishAsync("observed", "still served");
        Assert.Equal("still served", (await observer.MessageAsync()).PayloadText);
        Assert.Empty(await observer.ReadToEndAsync());
        observer.Dispose();
        Assert.Equal(0, await serve.ExitCodeAsync());
    }

    [Fact]
    public async Task A_second_signal_cuts_the_lame_duck_short()
    {
        using ServeProcess serve = await ServeProcess.StartAsync("--loops 2 --lame-duck-grace 1m --lame-duck-duration 2m");
        using Load load = await Load.StartAsync(serve.Address);
        serve.Send(Signal.User2);
        await load.GoOnAsync(500);
        Assert.False(serve.HasExited);
        serve.Send(Signal.Terminate);
        await load.EndAsync();
        load.Dispose();
        Assert.Equal(0, await serve.ExitCodeAsync());
        Assert.DoesNotContain("event loop failed", serve.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meets_its_deadline_whoever_is_stuck()
    {
        using ServeProcess serve = await ServeProcess.StartAsync("--loops 2 --drain-timeout 5s --write-stall-timeout 10m");
        using Load load = await Load.StartAsync(serve.Address);
        using TestClient stuck = await serve.SubscriberAsync("stuck", ClientSettings.SmallWindow);
        using TestClient publisher = await serve.ConnectAsync();
        for (int number = 0; number < 16; number++)
        {
            await publisher.SendAsync(new Wire().AddNumbered("stuck", 1, number, Mi - 100).Bytes);
        }

        await publisher.FlushAsync();
        await load.GoOnAsync(500);
        long began = Stopwatch.GetTimestamp();
        serve.Send(Signal.Terminate);
        await load.EndAsync();
        load.Dispose();
        Assert.Equal(0, await serve.ExitCodeAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(5), Eventually.Deadline);
        Assert.Contains("stopped; 0 accounts leaked 0 bytes", serve.Log, StringComparison.Ordinal);
    }
}

using System.Diagnostics;
using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>The server's PINGs, and the end of connections that don't answer them.</summary>
public sealed class KeepAliveTests(ServerPool servers) : ServerTests(servers)
{
    private static readonly ServerOptions Impatient = new()
    {
        PingInterval = TimeSpan.FromSeconds(1),

        // So many that a machine which stands still for a moment does not make a client late.
        MaxPingsOut = 5,
    };

    [Theory]
    [OnEveryServer(true)]
    [OnEveryServer(false)]
    public async Task A_silent_connection_is_stale_after_the_unanswered_pings(ServerKind kind, bool connects)
    {
        ServerProcess server = await ServerAsync(kind, Impatient);
        await using RawConnection connection = connects
            ? await RawConnection.ConnectAsync(server)
            : await RawConnection.OpenAsync(server);
        connection.AnswersPings = false;

        Assert.Equal(
            string.Concat(Enumerable.Repeat(Wire.Ping, Impatient.MaxPingsOut!.Value)) + Wire.StaleConnection + Wire.Closed, await connection.ReadToCloseAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task A_connection_that_answers_stays(ServerKind kind)
    {
        ServerProcess server = await ServerAsync(kind, Impatient);
        await using RawConnection connection = await RawConnection.ConnectAsync(server);
        connection.AnswersPings = false;

        // One more than a silent connection lives to see.
        for (int count = 0; count <= Impatient.MaxPingsOut + 1; count++)
        {
            await connection.ExpectAsync(Wire.Ping);
            await connection.SendAsync(Wire.Pong);
        }

        // The next PING may be there already.
        connection.AnswersPings = true;
        Assert.Equal(string.Empty, await connection.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task A_connection_that_publishes_is_not_stale(ServerKind kind)
    {
        // nats-server adds up the PINGs of all the moments in which nothing was published: few come in an interval as long as this.
        ServerOptions options = Impatient with { PingInterval = TimeSpan.FromSeconds(2) };
        ServerProcess server = await ServerAsync(kind, options);
        await using RawConnection connection = await RawConnection.ConnectAsync(server);
        connection.AnswersPings = false;

        // The load's pace, for longer than it takes until a silent connection is closed.
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < (options.MaxPingsOut + 2) * options.PingInterval!.Value)
        {
            await connection.SendUnlessClosedAsync("PUB busy 1\r\nx\r\n");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }

        string got = await connection.FlushAsync();
        Assert.DoesNotContain("-ERR", got, StringComparison.Ordinal);
        Assert.DoesNotContain(Wire.Closed, got, StringComparison.Ordinal);
    }
}

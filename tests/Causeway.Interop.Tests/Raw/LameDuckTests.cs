using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>A server that is about to leave says so, takes nobody new, and closes its clients one after another.</summary>
public sealed class LameDuckTests
{
    // nats-server takes no duration below 30 s; both let at most one second pass between two closes, however long it is.
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(5);

    private static readonly ServerOptions Options = new() { LameDuck = new LameDuckTiming(TimeSpan.FromSeconds(1), Duration) };

    // Clients that go on until they are closed need a grace that is longer than a busy machine may stand still.
    private static readonly ServerOptions WithGrace = new() { LameDuck = new LameDuckTiming(TimeSpan.FromSeconds(6), Duration) };

    private static readonly ServerOptions OverWebSocket = WithGrace with { WebSocket = new WebSocketSettings() };

    private static readonly TimeSpan AllClosedDeadline = TimeSpan.FromSeconds(60);

    /// <summary>nats-server lets at least half a second pass between two closes.</summary>
    private static readonly TimeSpan SpreadMin = TimeSpan.FromMilliseconds(500);

    /// <summary>Nothing is left to wait for once the last client has gone: far less than the duration.</summary>
    private static readonly TimeSpan ExitDeadline = TimeSpan.FromSeconds(30);

    [Theory]
    [OnEveryServer(false)]
    [OnEveryServer(true)]
    public async Task Tells_clients_that_understand_and_goes_on_until_it_closes(ServerKind kind, bool overWebSocket)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(kind, overWebSocket ? OverWebSocket : WithGrace);
        await using RawConnection subscriber = await RawConnection.ConnectAsync(server, ConnectOptions.AsyncInfo);
        await using RawConnection publisher = await RawConnection.ConnectAsync(server, ConnectOptions.AsyncInfo);
        await subscriber.ExchangeAsync("SUB duck 1\r\n");

        server.Send(Signal.LameDuck);

        foreach (RawConnection connection in new[] { subscriber, publisher })
        {
            JsonElement info = RawConnection.ParseInfo(await connection.ReadFrameAsync());
            Assert.True(info.GetProperty("ldm").GetBoolean());
            Assert.Equal(
                connection.Info.GetProperty("server_id").GetString(), info.GetProperty("server_id").GetString());
            Assert.Equal(
                connection.Info.GetProperty("client_id").GetInt64(), info.GetProperty("client_id").GetInt64());
            AssertDoesNotOfferItself(server, info);
        }

        Assert.Equal(string.Empty, await publisher.ExchangeAsync("PUB duck 1\r\nx\r\n"));
        await subscriber.ExpectAsync("MSG duck 1 1\r\nx\r\n");
        Assert.Equal(Wire.Closed, await subscriber.ReadToCloseAsync(AllClosedDeadline));
        Assert.Equal(Wire.Closed, await publisher.ReadToCloseAsync(AllClosedDeadline));
        AssertSaysThatItGoes(subscriber, publisher);
    }

    [Theory]
    [OnEveryServer(ConnectOptions.Quiet)]
    [OnEveryServer("""{"verbose":false,"pedantic":false,"protocol":0}""")]
    [OnEveryServer("")]
    public async Task Does_not_tell_clients_that_know_one_info_only(ServerKind kind, string options)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(kind, Options);
        await using RawConnection connection = options.Length == 0
            ? await RawConnection.OpenAsync(server)
            : await RawConnection.ConnectAsync(server, options);

        server.Send(Signal.LameDuck);

        Assert.Equal(Wire.Closed, await connection.ReadToCloseAsync(AllClosedDeadline));
    }

    [Theory]
    [OnEveryServer]
    public async Task Takes_nobody_new_closes_one_by_one_and_ends_when_all_have_gone(ServerKind kind)
    {
        // So many that the last close is seconds behind the first, and this process may stand still for a while and still see it.
        const int Clients = 12;
        await using ServerProcess server = await ServerProcess.StartAsync(kind, Options);
        List<RawConnection> connections = [];
        try
        {
            for (int count = 0; count < Clients; count++)
            {
                connections.Add(await RawConnection.ConnectAsync(server, ConnectOptions.AsyncInfo));
            }

            server.Send(Signal.LameDuck);
            RawConnection.ParseInfo(await connections[0].ReadFrameAsync());
            await Eventually.EqualAsync(SocketError.ConnectionRefused, () => TryOpenAsync(server));

            TimeSpan[] closes = await Task.WhenAll(connections.Select(TimeOfCloseAsync));
            Assert.True(closes.Max() - closes.Min() >= SpreadMin, $"All are closed at once: {string.Join(", ", closes)}");

            Assert.True(await server.Process.WaitForExitAsync(ExitDeadline), "The process goes on.");
            Assert.Equal(0, server.Process.ExitCode);
        }
        finally
        {
            foreach (RawConnection connection in connections)
            {
                await connection.DisposeAsync();
            }
        }
    }

    [Theory]
    [OnEveryServer]
    public async Task Ends_at_once_without_clients(ServerKind kind)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(kind, Options);

        server.Send(Signal.LameDuck);

        Assert.True(await server.Process.WaitForExitAsync(ExitDeadline), "The process goes on.");
        Assert.Equal(0, server.Process.ExitCode);
    }

    [Theory]
    [OnEveryServer(false)]
    [OnEveryServer(true)]
    public async Task A_terminated_server_closes_its_clients_without_an_error_and_ends(ServerKind kind, bool overWebSocket)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(kind, overWebSocket ? OverWebSocket : Options);
        await using RawConnection subscriber = await RawConnection.ConnectAsync(server);
        await using RawConnection publisher = await RawConnection.ConnectAsync(server);
        await subscriber.ExchangeAsync("SUB end 1\r\n");
        await publisher.ExchangeAsync("PUB end 1\r\nx\r\n");

        server.Send(Signal.Terminate);

        Assert.Equal(
            "MSG end 1 1\r\nx\r\n" + Wire.Closed, await subscriber.ReadToCloseAsync(AllClosedDeadline));
        await subscriber.DisposeAsync();
        Assert.Equal(Wire.Closed, await publisher.ReadToCloseAsync(AllClosedDeadline));
        AssertSaysThatItGoes(subscriber, publisher);
        await publisher.DisposeAsync();
        Assert.True(await server.Process.WaitForExitAsync(ExitDeadline), "The process goes on.");
    }

    /// <summary>Over a WebSocket the close has a code, "going away" (RFC 6455, 7.4.1).</summary>
    private static void AssertSaysThatItGoes(params RawConnection[] connections) =>
        Assert.All(connections, connection => Assert.True(connection.WebSocket is null or { CloseCode: 1001 }));

    private static async Task<TimeSpan> TimeOfCloseAsync(RawConnection connection)
    {
        var clock = Stopwatch.StartNew();
        Assert.EndsWith(Wire.Closed, await connection.ReadToCloseAsync(AllClosedDeadline), StringComparison.Ordinal);

        // As clients do when the server closes; a server may wait a while for those that don't.
        await connection.DisposeAsync();
        return clock.Elapsed;
    }

    private static void AssertDoesNotOfferItself(ServerProcess server, JsonElement info)
    {
        if (info.TryGetProperty("connect_urls", out JsonElement urls))
        {
            string own = server.EndPoint.ToString();
            Assert.DoesNotContain(urls.EnumerateArray(), url => url.GetString() == own);
        }
    }

    private static async Task<SocketError> TryOpenAsync(ServerProcess server)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(server.EndPoint, TestContext.Current.CancellationToken);
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }
}

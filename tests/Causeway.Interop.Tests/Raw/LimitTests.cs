using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>What happens at a limit, and which limits cost the connection.</summary>
public class LimitTests(ServerPool servers) : ServerTests(servers)
{
    private const int ControlLineBytesMax = 256;
    private const int PayloadBytesMax = 1000;
    private const int SubscriptionsMax = 3;

    private static readonly ServerOptions Small = new()
    {
        MaxControlLineBytes = ControlLineBytesMax,
        MaxPayloadBytes = PayloadBytesMax,
        MaxSubscriptions = SubscriptionsMax,
    };

    private static readonly ServerOptions FewConnections = new() { MaxConnections = 3 };

    [Theory]
    [OnEveryServer]
    public async Task A_payload_of_the_limit_passes(ServerKind kind)
    {
        await using RawConnection connection = await ConnectSmallAsync(kind);
        string payload = new('x', PayloadBytesMax);

        Assert.Equal(
            $"MSG a 1 {PayloadBytesMax}\r\n{payload}\r\n",
            await connection.ExchangeAsync($"SUB a 1\r\nPUB a {PayloadBytesMax}\r\n{payload}\r\n"));
    }

    [Theory]
    [OnEveryServer("PUB a 1001\r\n")]
    [OnEveryServer("PUB a 999999999\r\n")]
    [OnEveryServer("PUB a r 1001\r\n")]
    [OnEveryServer("HPUB a 12 1001\r\n")]
    [OnEveryServer("HPUB a 1001 1001\r\n")]
    public async Task A_larger_payload_is_refused_before_it_comes_and_closes(ServerKind kind, string line)
    {
        await using RawConnection connection = await ConnectSmallAsync(kind, ConnectOptions.Headers);

        // Not a byte of the payload is sent.
        await connection.SendAsync(line);
        Assert.Equal(Wire.PayloadViolation + Wire.Closed, await connection.ReadToCloseAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task Headers_count_as_payload(ServerKind kind)
    {
        await using RawConnection connection = await ConnectSmallAsync(kind, ConnectOptions.Headers);
        string payload = new('x', PayloadBytesMax - Wire.EmptyHeader.Length);

        Assert.Equal(
            $"HMSG a 1 12 {PayloadBytesMax}\r\n{Wire.EmptyHeader}{payload}\r\n",
            await connection.ExchangeAsync($"SUB a 1\r\nHPUB a 12 {PayloadBytesMax}\r\n{Wire.EmptyHeader}{payload}\r\n"));
    }

    [Theory]
    [OnEveryServer("SUB {0} 1\r\n", "")]
    [OnEveryServer("PUB {0} 1\r\n", "x\r\n")]
    [OnEveryServer("CONNECT {\"verbose\":false,\"name\":\"{0}\"}\r\n", "")]
    public async Task A_control_line_of_the_limit_passes(ServerKind kind, string line, string payload)
    {
        await using RawConnection connection = await ConnectSmallAsync(kind);

        Assert.Equal(string.Empty, await connection.ExchangeAsync(Fill(line, ControlLineBytesMax) + payload));
    }

    // nats-server counts the arguments alone, so that the exact limit depends on the verb; the longest verb and its
    // space are eight bytes.
    [Theory]
    [OnEveryServer("SUB {0} 1\r\n")]
    [OnEveryServer("SUB {0} 1")]
    [OnEveryServer("PUB {0} 1\r\n")]
    [OnEveryServer("UNSUB {0} 1\r\n")]
    [OnEveryServer("HPUB {0} 12 12\r\n")]
    [OnEveryServer("CONNECT {\"verbose\":false,\"name\":\"{0}\"}\r\n")]
    public async Task A_longer_control_line_closes(ServerKind kind, string line)
    {
        await using RawConnection connection = await ConnectSmallAsync(kind, ConnectOptions.Headers);

        await connection.SendAsync(Fill(line, ControlLineBytesMax + 16));
        Assert.Equal(Wire.ControlLineExceeded + Wire.Closed, await connection.ReadToCloseAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task The_default_control_line_takes_long_subjects(ServerKind kind)
    {
        string subject = new('s', 4000);
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            $"MSG {subject} 1 1\r\nx\r\n",
            await connection.ExchangeAsync($"SUB {subject} 1\r\nPUB {subject} 1\r\nx\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task The_default_control_line_ends_somewhere(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        await connection.SendAsync($"SUB {new string('s', 4200)} 1\r\n");
        Assert.Equal(Wire.ControlLineExceeded + Wire.Closed, await connection.ReadToCloseAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task One_subscription_too_many_is_refused_and_nothing_else(ServerKind kind)
    {
        await using RawConnection connection = await ConnectSmallAsync(kind);
        await connection.ExchangeAsync("SUB a 1\r\nSUB b 2\r\nSUB c 3\r\n");

        Assert.Equal(Wire.SubscriptionsExceeded, await connection.ExchangeAsync("SUB d 4\r\n"));
        Assert.Equal(
            "MSG a 1 0\r\n\r\n", await connection.ExchangeAsync("PUB a 0\r\n\r\nPUB d 0\r\n\r\n"));
    }

    [Theory]
    [OnEveryServer("UNSUB 1\r\n")]
    [OnEveryServer("UNSUB 1 1\r\nPUB a 0\r\n\r\n")]
    public async Task An_ended_subscription_makes_room(ServerKind kind, string end)
    {
        await using RawConnection connection = await ConnectSmallAsync(kind);
        await connection.ExchangeAsync("SUB a 1\r\nSUB b 2\r\nSUB c 3\r\n");
        await connection.ExchangeAsync(end);

        Assert.Equal("MSG d 4 0\r\n\r\n", await connection.ExchangeAsync("SUB d 4\r\nPUB d 0\r\n\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task A_refused_subscription_is_not_acknowledged(ServerKind kind)
    {
        await using RawConnection connection = await ConnectSmallAsync(kind, ConnectOptions.Verbose);

        Assert.Equal(
            Wire.Ok + Wire.Ok + Wire.Ok + Wire.SubscriptionsExceeded + Wire.Ok,
            await connection.ExchangeAsync("SUB a 1\r\nSUB b 2\r\nSUB c 3\r\nSUB d 4\r\nUNSUB 1\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task The_subscription_limit_is_for_each_connection(ServerKind kind)
    {
        await using RawConnection first = await ConnectSmallAsync(kind);
        await using RawConnection second = await ConnectSmallAsync(kind);

        Assert.Equal(string.Empty, await first.ExchangeAsync("SUB a 1\r\nSUB b 2\r\nSUB c 3\r\n"));
        Assert.Equal(string.Empty, await second.ExchangeAsync("SUB a 1\r\nSUB b 2\r\nSUB c 3\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task One_connection_too_many_is_told_and_closed(ServerKind kind)
    {
        await using ServerProcess server = await StartAsync(kind, FewConnections);
        List<RawConnection> connections = await FillAsync(server);
        try
        {
            await using (RawConnection refused = await RawConnection.OpenAsync(server))
            {
                Assert.Equal(Wire.ConnectionsExceeded + Wire.Closed, await refused.ReadToCloseAsync());
            }

            Assert.Equal(
                "MSG a 1 0\r\n\r\n", await connections[0].ExchangeAsync("SUB a 1\r\nPUB a 0\r\n\r\n"));

            await connections[0].DisposeAsync();
            await Eventually.EqualAsync(string.Empty, () => TryConnectAsync(server));
        }
        finally
        {
            foreach (RawConnection connection in connections)
            {
                await connection.DisposeAsync();
            }
        }
    }

    /// <summary>Opens connections up to the limit; the start's own probe may count for a moment longer.</summary>
    private static async Task<List<RawConnection>> FillAsync(ServerProcess server)
    {
        List<RawConnection> connections = [];
        while (connections.Count < FewConnections.MaxConnections)
        {
            RawConnection connection = await RawConnection.OpenAsync(server);
            if ((await connection.ExchangeAsync($"CONNECT {ConnectOptions.Quiet}\r\n")).Length == 0)
            {
                connections.Add(connection);
            }
            else
            {
                await connection.DisposeAsync();
            }
        }

        return connections;
    }

    private static async Task<string> TryConnectAsync(ServerProcess server)
    {
        await using RawConnection connection = await RawConnection.OpenAsync(server);
        return await connection.ExchangeAsync($"CONNECT {ConnectOptions.Quiet}\r\n");
    }

    /// <summary>Makes a line whose length without CRLF, when there is one, is as given.</summary>
    private static string Fill(string line, int length)
    {
        int fixedBytes = line.TrimEnd('\r', '\n').Length - "{0}".Length;
        return line.Replace("{0}", new string('a', length - fixedBytes), StringComparison.Ordinal);
    }

    private async Task<RawConnection> ConnectSmallAsync(ServerKind kind, string options = ConnectOptions.Quiet) =>
        await RawConnection.ConnectAsync(await ServerAsync(kind, Small), options);
}

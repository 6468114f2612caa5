using System.Text;
using System.Text.Json;
using Causeway.Cli.Execution;
using Causeway.Client;

namespace Causeway.Cli.Bench;

/// <summary>The start of a client connection: INFO, CONNECT, and a first PING answered by PONG, so that the server has accepted it.</summary>
internal sealed class Handshake : IFrameHandler
{
    private static readonly byte[] Pong = "PONG\r\n"u8.ToArray();

    private readonly RawConnection _connection;
    private string? _error;
    private ServerInfo? _info;
    private bool _ponged;
    private bool _pinged;

    private Handshake(RawConnection connection) => _connection = connection;

    /// <summary>
    /// Runs the handshake on a new connection and returns what the server says of itself. <paramref name="subscriptions"/> are SUB
    /// lines that go between CONNECT and PING.
    /// </summary>
    public static ServerInfo Run(RawConnection connection, ServerAddress address, string name, string subscriptions)
    {
        Handshake handshake = new(connection);
        FrameScanner scanner = new(handshake);
        Span<byte> buffer = stackalloc byte[2048];
        bool connected = false;
        while (!handshake._ponged || !scanner.AtBoundary)
        {
            int received = connection.Receive(buffer);
            if (received <= 0)
            {
                throw new BenchException(
                    ExitCode.Connection,
                    $"{address}: " + (received == 0 ? "no answer to the handshake in time" : "the server closed the connection"));
            }

            scanner.Feed(buffer[..received]);
            handshake.ThrowIfFailed(address);
            if (!connected && handshake._info is not null)
            {
                connection.SendAll(Connect(name, subscriptions));
                connected = true;
            }

            if (handshake._pinged)
            {
                connection.SendAll(Pong);
                handshake._pinged = false;
            }
        }

        return handshake._info!;
    }

    public void OnInfo(ReadOnlySpan<byte> json)
    {
        try
        {
            _info ??= ServerInfo.Parse(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            _error = "its INFO is not what a server of this protocol sends";
        }
    }

    public void OnPong() => _ponged = true;

    public void OnPing() => _pinged = true;

    public void OnError(string error) => _error ??= error;

    public void OnMessage(ReadOnlySpan<byte> line)
    {
    }

    public void OnPayload(ReadOnlySpan<byte> part)
    {
    }

    public void OnMessageEnd()
    {
    }

    private static byte[] Connect(string name, string subscriptions)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("verbose", false);
            writer.WriteBoolean("pedantic", false);
            writer.WriteBoolean("headers", true);
            writer.WriteBoolean("no_responders", true);
            writer.WriteString("name", name);
            writer.WriteString("lang", "causeway-bench");
            writer.WriteString("version", "1");
            writer.WriteNumber("protocol", 1);
            writer.WriteEndObject();
        }

        return [.. Encoding.ASCII.GetBytes("CONNECT "), .. json.ToArray(), .. Encoding.ASCII.GetBytes($"\r\n{subscriptions}PING\r\n")];
    }

    private void ThrowIfFailed(ServerAddress address)
    {
        if (_error is not null)
        {
            throw new BenchException(ExitCode.Connection, $"{address}: {_error}");
        }

        if (_info is { TlsRequired: true })
        {
            throw new BenchException(ExitCode.Connection, $"{address}: the server requires TLS, which the load generator does not speak");
        }
    }
}

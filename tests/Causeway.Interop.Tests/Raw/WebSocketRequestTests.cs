using System.Net.Sockets;
using System.Text;
using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>What requests for WebSockets are answered, byte for byte as far as the status.</summary>
public sealed class WebSocketRequestTests(ServerPool servers) : IClassFixture<ServerPool>
{
    private const string Key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private const string Fields = "Host: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n";

    private static readonly ServerOptions Options = new() { WebSocket = new WebSocketSettings(Compression: true, Origin: "https://good.example") };

    [Theory]
    [OnEveryServer("GET", Key, "101 Switching Protocols")]
    [OnEveryServer("GET", Key + "Origin: https://good.example\r\n", "101 Switching Protocols")]
    [OnEveryServer("GET", Key + "Origin: https://good.example:8443\r\n", "403 Forbidden")]
    [OnEveryServer("GET", Key + "Origin: http://good.example\r\n", "403 Forbidden")]
    [OnEveryServer("GET", Key + "Origin: null\r\n", "403 Forbidden")]
    [OnEveryServer("GET", "", "400 Bad Request")]
    [OnEveryServer("POST", Key, "405 Method Not Allowed")]
    public async Task A_request_has_this_answer(ServerKind kind, string method, string more, string answer)
    {
        string head = await AskAsync(kind, $"{method} / HTTP/1.1\r\n{Fields}{more}\r\n");

        Assert.StartsWith($"HTTP/1.1 {answer}\r\n", head, StringComparison.Ordinal);
        Assert.Equal(answer[0] != '1', head.Contains("Sec-Websocket-Version: 13", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [OnEveryServer("Upgrade: websocket", "Upgrade: h2c")]
    [OnEveryServer("Connection: Upgrade", "Connection: close")]
    [OnEveryServer("Version: 13", "Version: 8")]
    [OnEveryServer("Host: a\r\n", "")]
    public async Task A_request_without_what_it_needs_is_bad(ServerKind kind, string instead, string with) =>
        Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(kind, $"GET / HTTP/1.1\r\n{Fields.Replace(instead, with, StringComparison.Ordinal)}{Key}\r\n"), StringComparison.Ordinal);

    [Theory]
    [OnEveryServer("permessage-deflate; client_max_window_bits", true)]
    [OnEveryServer("x-webkit-deflate-frame", false)]
    public async Task Compression_is_agreed_on_in_the_same_words(ServerKind kind, string offer, bool agreed)
    {
        string head = await AskAsync(kind, $"GET / HTTP/1.1\r\n{Fields}{Key}Sec-WebSocket-Extensions: {offer}\r\n\r\n");

        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", head, StringComparison.Ordinal);
        Assert.Equal(agreed, head.Contains("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n", StringComparison.Ordinal));
    }

    private async Task<string> AskAsync(ServerKind kind, string request)
    {
        ServerProcess server = await servers.GetAsync(kind, Options);
        using TcpClient tcp = new();
        await tcp.ConnectAsync("127.0.0.1", new Uri(server.WebSocketUrl).Port);
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        byte[] buffer = new byte[4096];
        StringBuilder head = new();
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await tcp.GetStream().ReadAsync(buffer).AsTask().InTimeAsync();
            Assert.NotEqual(0, read);
            head.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return head.ToString();
    }
}

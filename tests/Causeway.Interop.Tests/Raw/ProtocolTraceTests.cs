using System.Text.RegularExpressions;
using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>What the log has of a session once the protocol is traced: the same lines from both servers, but for time and numbers.</summary>
public sealed partial class ProtocolTraceTests(ServerPool servers) : IClassFixture<ServerPool>
{
    private static readonly string[] Session =
    [
        "CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true,\"user\":\"u\",\"pass\":\"s3cret\",\"protocol\":1}\r\n",
        "PING\r\n",
        "SUB foo  1\r\n",
        "sub foo.* q 2\r\n",
        "PUB foo reply 5\r\nhello\r\n",
        "pub foo 0\r\n\r\n",
        "PUB foo 10\r\na\"\\\u001b\u00ff\u00c3\u00a9\t\r\n\r\n",
        "HPUB foo.b 12 14\r\nNATS/1.0\r\n\r\nhi\r\n",
        $"PUB foo 2000\r\n{new string('x', 2000)}\r\n",
        "UNSUB 1 9\r\n",
        "PONG\r\n",
        "SUB a..b 3\r\n",
        "PING\r\n",
        "FOO\r\n",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Both_servers_log_a_session_with_the_same_lines(bool overWebSocket)
    {
        ServerOptions options = new() { Trace = true, WebSocket = overWebSocket ? new WebSocketSettings() : null };

        string[] theirs = await LinesOfAsync(ServerKind.NatsServer, options, Session);
        string[] ours = await LinesOfAsync(ServerKind.Causeway, options, Session);

        Assert.Equal(theirs, ours);
    }

    [Fact]
    public async Task No_secret_is_in_the_log_whatever_becomes_of_the_login()
    {
        ServerOptions options = new() { Trace = true, Access = "authorization { users: [ { user: ann, password: s3cret } ], timeout: 60 }" };
        string[] lines = await LinesOfAsync(
            ServerKind.Causeway, options, """CONNECT {"verbose":true,"user":"ann","pass":"s3cret","auth_token":"s3cret2","jwt":"s3cret3","sig":"s3cret4"}""" + "\r\n", "PING\r\n", "FOO\r\n");
        Assert.Contains("cid <<- [CONNECT {\"verbose\":true,\"user\":\"ann\",\"pass\":\"[REDACTED]\",\"auth_token\":\"[REDACTED]\",\"jwt\":\"[REDACTED]\",\"sig\":\"[REDACTED]\"}]", lines);

        foreach (string wrong in new[] { "{\"user\":\"ann\",\"pass\":\"s3cret\"", "{\"user\":\"ann\",\"pass\":[\"s3cret\"]}", "{\"user\":\"ann\",\"PASS\":\"s3cret5\"}", "\"s3cret\"" })
        {
            await LinesOfAsync(ServerKind.Causeway, options, $"CONNECT {wrong}\r\n");
        }

        Assert.DoesNotContain("s3cret", (await servers.GetAsync(ServerKind.Causeway, options)).Process.Log, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\[TRC\] 127\.0\.0\.1:(\d+) - ([cw]id):\d+ - (.*)$", RegexOptions.Multiline)]
    private static partial Regex TraceLine();

    /// <summary>Has one session, which the server ends, and returns what is logged of it.</summary>
    private async Task<string[]> LinesOfAsync(ServerKind kind, ServerOptions options, params string[] commands)
    {
        ServerProcess server = await servers.GetAsync(kind, options);
        await using RawConnection connection = await RawConnection.OpenAsync(server);
        foreach (string command in commands)
        {
            await connection.SendUnlessClosedAsync(command);
        }

        Assert.EndsWith(Wire.Closed, await connection.ReadToCloseAsync(), StringComparison.Ordinal);

        // Lines come in order: once a later one is there, all of these are.
        string later = $"later-{Guid.NewGuid():N}";
        await using RawConnection last = await RawConnection.OpenAsync(server);
        await last.SendAsync($"CONNECT {{\"name\":\"{later}\"}}\r\n");
        await Eventually.TrueAsync(() => server.Process.Log.Contains(later, StringComparison.Ordinal));
        // nats-server shows what it does by itself as well ("<-> [DELSUB 1]"), and either asks a client that takes its time whether it is still there.
        return [.. TraceLine().Matches(server.Process.Log).Where(line => line.Groups[1].Value == $"{connection.LocalPort}" && !IsByItself(line.Groups[3].Value))
            .Select(line => $"{line.Groups[2].Value} {line.Groups[3].Value}")];

        static bool IsByItself(string line) => line.StartsWith("<->", StringComparison.Ordinal) || line == "->> [PING]";
    }
}

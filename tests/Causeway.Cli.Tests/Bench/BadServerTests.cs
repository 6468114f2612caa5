using System.Net.Sockets;
using Causeway.Cli.Bench;
using Causeway.Cli.Execution;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Bench;

/// <summary>The load generator must notice what a server does wrong: it is trusted to say that everything arrived.</summary>
public sealed class BadServerTests
{
    private const string Message = "MSG bench 1 8\r\n";

    /// <summary>For runs that are to end by it, which includes the time in which they connect.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_message_that_is_not_delivered_fails_the_run()
    {
        using ScriptedServer server = new((_, _, _) => { });
        BenchException failure = Fails(server, messages: 3, Short);
        Assert.Equal(ExitCode.Failure, failure.ExitCode);
        Assert.Contains("timed out after 5 s: 0 of 3 messages delivered", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_delivered_twice_fails_the_run()
    {
        using ScriptedServer server = new(OnPublish((s, payload) => ScriptedServer.Send(s, Message + payload + "\r\n" + Message + payload + "\r\n")));
        Assert.Contains("1 more messages delivered than were due", Fails(server, messages: 1).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_out_of_order_fails_a_verified_run()
    {
        int number = 0;
        using ScriptedServer server = new(OnPublish((s, _) =>
        {
            number++;
            ScriptedServer.Send(s, Message + "\0\0\0\0\0\0\0" + (char)(number == 2 ? 2 : number - 1) + "\r\n");
        }));
        Assert.Contains("message 2 of publisher 0 came where 1 was expected", Fails(server, messages: 3, verify: true).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_from_the_server_is_what_the_run_fails_with()
    {
        using ScriptedServer server = new(OnPublish((s, _) =>
        {
            ScriptedServer.Send(s, "-ERR 'Slow Consumer'\r\n");
            s.Close();
        }));
        Assert.Contains("-ERR 'Slow Consumer'", Fails(server, messages: 1).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_the_server_closes_fails_the_run()
    {
        using ScriptedServer server = new(OnPublish((s, _) => s.Close()));
        Assert.Contains("the server has closed a connection", Fails(server, messages: 1).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_the_protocol_fail_the_run()
    {
        using ScriptedServer server = new(OnPublish((s, payload) => ScriptedServer.Send(s, Message + payload + "XX")));
        Assert.Contains("a payload does not end with CR LF", Fails(server, messages: 1).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pings_of_the_server_are_answered_on_both_sides()
    {
        bool pinged = false;
        using ScriptedServer server = new((self, stream, line) =>
        {
            if (line.StartsWith("PUB ", StringComparison.Ordinal) && !pinged)
            {
                pinged = true;
                ScriptedServer.Send(stream, "PING\r\n");
                ScriptedServer.Send(self.Subscribers[0], "PING\r\n");
            }

            if (line.Length == 8)
            {
                ScriptedServer.Send(self.Subscribers[0], Message + line + "\r\n");
            }
        });
        LoadSettings settings = Settings(server, 200_000, Long, verify: false);
        using LoadRun run = new(settings with { Subject = "bench", Size = 8 }, static (_, _) => { });
        Assert.Equal(200_000, run.Run().Delivered);

        // The run does not wait until the server has read the last of them.
        await Eventually.TrueAsync(() => Pongs() == 2);

        int Pongs()
        {
            lock (server.Lines)
            {
                return server.Lines.Count(line => line == "PONG");
            }
        }
    }

    [Fact]
    public void A_request_without_a_reply_fails_the_run()
    {
        using ScriptedServer server = new((_, _, _) => { });
        Assert.Contains("1 of 1 requests are not answered", RequestFails(server, Short).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_without_responders_fails_the_run()
    {
        using ScriptedServer server = new((_, stream, line) =>
        {
            if (line.StartsWith("PUB ", StringComparison.Ordinal))
            {
                ScriptedServer.Send(stream, $"HMSG {line.Split(' ')[2]} 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");
            }
        });
        Assert.Contains("no responders", RequestFails(server).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reply_to_another_request_fails_the_run()
    {
        using ScriptedServer server = new((_, stream, line) =>
        {
            if (line.StartsWith("PUB ", StringComparison.Ordinal))
            {
                ScriptedServer.Send(stream, $"MSG {line.Split(' ')[2]}7 1 8\r\n12345678\r\n");
            }
        });
        Assert.Contains("a reply to no request: _INBOX.", RequestFails(server).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"tls_required\":true}", "requires TLS")]
    [InlineData("nonsense", "its INFO is not what a server of this protocol sends")]
    public void A_server_that_it_can_not_talk_to_is_said_so(string info, string message)
    {
        using ScriptedServer server = new((_, _, _) => { }, info);
        BenchException failure = Fails(server, messages: 1);
        Assert.Equal(ExitCode.Connection, failure.ExitCode);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A script that calls back with the first subscriber for each payload of eight bytes.</summary>
    private static Action<ScriptedServer, NetworkStream, string> OnPublish(Action<NetworkStream, string> deliver) => (self, _, line) =>
    {
        if (line.Length == 8)
        {
            deliver(self.Subscribers[0], line);
        }
    };

    private static BenchException Fails(ScriptedServer server, long messages, TimeSpan? timeout = null, bool verify = false)
    {
        using LoadRun run = new(Settings(server, messages, timeout ?? Long, verify), static (_, _) => { });
        return Assert.Throws<BenchException>(run.Run);
    }

    private static LoadSettings Settings(ScriptedServer server, long messages, TimeSpan timeout, bool verify) => new()
    {
        Mode = "pubsub",
        Server = server.Address,
        Timeout = timeout,
        Publishers = 1,
        Subscribers = 1,
        Subjects = 1,
        Subject = "bench",
        Size = 8,
        Messages = messages,
        Warmup = TimeSpan.Zero,
        Verify = verify,
    };

    private static BenchException RequestFails(ScriptedServer server, TimeSpan? timeout = null)
    {
        RequestSettings settings = new()
        {
            Server = server.Address,
            Timeout = timeout ?? Long,
            Clients = 1,
            InFlight = 1,
            Responders = 1,
            Subject = "bench",
            Size = 8,
            Messages = 1,
            Warmup = TimeSpan.Zero,
        };
        using RequestRun run = new(settings, static (_, _) => { });
        return Assert.Throws<BenchException>(run.Run);
    }
}

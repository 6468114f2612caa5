using Causeway.Core.Protocol;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Protocol;

/// <summary>One example for each rule of the protocol, read alone and with enough behind it for the vectorised path.</summary>
public sealed class CommandParserTests
{
    private static readonly Limits Defaults = new();

    [Theory]
    [InlineData("PUB a 1\r\nx\r\n", "Pub a 1:x")]
    [InlineData("PUB a 0\r\n\r\n", "Pub a 0:")]
    [InlineData("PUB a r 2\r\nxy\r\n", "Pub a>r 2:xy")]
    [InlineData("pub a 1\r\nx\r\n", "Pub a 1:x")]
    [InlineData("pUb a 1\r\nx\r\n", "Pub a 1:x")]
    [InlineData("PUB\ta\t1\r\nx\r\n", "Pub a 1:x")]
    [InlineData("PUB   a \t 1  \r\nx\r\n", "Pub a 1:x")]
    [InlineData("PUB a 1\nx\r\n", "Pub a 1:x")]
    [InlineData("PUB a 1\r\r\nx\r\n", "Pub a 1:x")]
    [InlineData("PUB a 01\r\nx\r\n", "Pub a 1:x")]
    [InlineData("PUB a 000000001\r\nx\r\n", "Pub a 1:x")]
    [InlineData("PUB a 4\r\n\r\n\r\n\r\n", "Pub a 4:\r\n\r\n")]
    [InlineData("PUB a..b .r. 1\r\nx\r\n", "Pub a..b>.r. 1:x")]
    [InlineData("PUB > * 1\r\nx\r\n", "Pub >>* 1:x")]
    [InlineData("PUB \u00e9\u0000 1\r\nx\r\n", "Pub \u00e9\u0000 1:x")]
    [InlineData("HPUB a 12 13\r\nNATS/1.0\r\n\r\nx\r\n", "Hpub a 12/13:NATS/1.0\r\n\r\nx")]
    [InlineData("HPUB a r 3 5\r\nabcde\r\n", "Hpub a>r 3/5:abcde")]
    [InlineData("hpub a 0 2\r\nab\r\n", "Hpub a 0/2:ab")]
    [InlineData("HPUB a 2 2\r\nab\r\n", "Hpub a 2/2:ab")]
    [InlineData("SUB a 1\r\n", "Sub a #1")]
    [InlineData("SUB a.> q sid-1.x\r\n", "Sub a.>/q #sid-1.x")]
    [InlineData("sub\t a  q\t1 \r\n", "Sub a/q #1")]
    [InlineData("UNSUB 1\r\n", "Unsub 1 max 0")]
    [InlineData("UNSUB 1 5\r\n", "Unsub 1 max 5")]
    [InlineData("UNSUB abc 999999999\r\n", "Unsub abc max 999999999")]
    [InlineData("UNSUB 1 0\r\n", "Unsub 1 max 0")]
    [InlineData("UNSUB 1 -1\r\n", "Unsub 1 max 0")]
    [InlineData("UNSUB 1 abc\r\n", "Unsub 1 max 0")]
    [InlineData("UNSUB 1 1.5\r\n", "Unsub 1 max 0")]
    [InlineData("UNSUB 1 1234567890\r\n", "Unsub 1 max 0")]
    [InlineData("CONNECT {}\r\n", "Connect [ {}]")]
    [InlineData("CONNECT{}\r\n", "Connect [{}]")]
    [InlineData("connect  {} \r\n", "Connect [  {} ]")]
    [InlineData("CONNECT\r\n", "Connect []")]
    [InlineData("PING\r\n", "Ping []")]
    [InlineData("ping\n", "Ping []")]
    [InlineData("PING foo\r\n", "Ping [ foo]")]
    [InlineData("PONG\r\n", "Pong []")]
    [InlineData("pong \r\n", "Pong [ ]")]
    [InlineData("+OK\r\n", "Ok []")]
    [InlineData("+ok\r\n", "Ok []")]
    [InlineData("-ERR 'x'\r\n", "Err ['x']")]
    [InlineData("INFO {}\r\n", "Info [{}]")]
    public void A_command_is_read(string text, string expected) => AssertReads(text, expected);

    /// <summary>nats-server takes a lone CR for a blank; so it must not be passed on as part of a line either.</summary>
    [Theory]
    [InlineData("PUB a\rr 1\r\nx\r\n", "Pub a>r 1:x")]
    [InlineData("PUB a\r1\r\nx\r\n", "Pub a 1:x")]
    [InlineData("PUB a r\r1\r\nx\r\n", "Pub a>r 1:x")]
    [InlineData("PUB a 1\r \r\nx\r\n", "Pub a 1:x")]
    [InlineData("HPUB a r\r0\r1\r\nx\r\n", "Hpub a>r 0/1:x")]
    [InlineData("SUB a\rq 1\r\n", "Sub a/q #1")]
    public void A_lone_carriage_return_is_a_blank(string text, string expected)
    {
        AssertReads(text, expected);
        Command command = default;
        CommandParser.TryRead(Wire.Bytes(text), Defaults, true, ref command);
        if (command.Verb != Verb.Sub && command.TailIsCanonical)
        {
            Assert.DoesNotContain('\r', text[command.TailStart..(command.PayloadStart - 2)]);
        }
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    [InlineData(" PING\r\n")]
    [InlineData("\0")]
    [InlineData("x")]
    [InlineData("PX")]
    [InlineData("PUX")]
    [InlineData("PUBX")]
    [InlineData("SUB1 a 1\r\n")]
    [InlineData("SUB\r\n")]
    [InlineData("PUB\r\n")]
    [InlineData("HPUB\r\n")]
    [InlineData("UNSUB\r\n")]
    [InlineData("-ERR\r\n")]
    [InlineData("MSG a 1 0\r\n\r\n")]
    [InlineData("HMSG a 1 0 0\r\n\r\n")]
    [InlineData("RS+ a b\r\n")]
    [InlineData("LS+ a\r\n")]
    [InlineData("A+ a\r\n")]
    [InlineData("{\r\n")]
    [InlineData("PUB a 1\r\nxyz\r\n")]
    [InlineData("PUB a 3\r\nx\r\nPI")]
    [InlineData("PUB a 1\r\nx\n")]
    [InlineData("PUB a 1\r\nx\rz")]
    [InlineData("HPUB a 1 1\r\nx\n")]
    public void What_is_no_operation_is_told(string text) => AssertEnds(text, ParseStatus.UnknownOperation);

    [Theory]
    [InlineData("PUB \r\n")]
    [InlineData("PUB a\r\n")]
    [InlineData("PUB a -1\r\n")]
    [InlineData("PUB a +1\r\n")]
    [InlineData("PUB a x\r\n")]
    [InlineData("PUB a 1.0\r\n")]
    [InlineData("PUB a 0000000001\r\n")]
    [InlineData("PUB a b c 1\r\nx\r\n")]
    [InlineData("PUB a b c d e f 1\r\nx\r\n")]
    [InlineData("HPUB a 1\r\n")]
    [InlineData("HPUB a 3 2\r\n")]
    [InlineData("HPUB a x 2\r\n")]
    [InlineData("HPUB a 1 x\r\n")]
    [InlineData("HPUB a b c 1 2\r\n")]
    [InlineData("SUB \r\n")]
    [InlineData("SUB a\r\n")]
    [InlineData("SUB a b c d\r\n")]
    [InlineData("UNSUB \r\n")]
    [InlineData("UNSUB 1 2 3\r\n")]
    public void Arguments_that_cant_be_are_told(string text) => AssertEnds(text, ParseStatus.BadArguments);

    [Fact]
    public void Headers_are_refused_to_a_client_that_did_not_say_that_it_does_them()
    {
        Command command = default;
        Assert.Equal(ParseStatus.HeadersNotSupported, CommandParser.TryRead("HPUB a 0 0\r\n\r\n"u8, Defaults, false, ref command));
        Assert.Equal(ParseStatus.HeadersNotSupported, CommandParser.TryRead("HPUB nonsense\r\n"u8, Defaults, false, ref command));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("P", 0)]
    [InlineData("PU", 0)]
    [InlineData("PUB", 0)]
    [InlineData("PUB a 5\r", 0)]
    [InlineData("PUB a 5\r\n", 16)]
    [InlineData("PUB a 5\n1234", 15)]
    [InlineData("PUB a 5\r\n12345", 16)]
    [InlineData("PUB a 5\r\n12345\r", 16)]
    [InlineData("HPUB a 2 5\r\n", 19)]
    [InlineData("SUB a 1", 0)]
    [InlineData("UNSUB", 0)]
    [InlineData("CONNECT {\"a\":", 0)]
    [InlineData("PING", 0)]
    [InlineData("PING\r", 0)]
    [InlineData("+", 0)]
    [InlineData("-ER", 0)]
    public void A_beginning_tells_the_size_of_the_whole_as_soon_as_it_can(string text, int length)
    {
        Command command = default;
        Assert.Equal(ParseStatus.Incomplete, CommandParser.TryRead(Wire.Bytes(text), Defaults, true, ref command));
        Assert.Equal(length, command.Length);
    }

    [Fact]
    public void A_beginning_with_a_long_payload_tells_its_size_from_the_vectorised_path_too()
    {
        byte[] data = Wire.Bytes("PUB a r 100000\r\n" + new string('x', 100));
        Command command = default;
        Assert.Equal(ParseStatus.Incomplete, CommandParser.TryRead(data, Defaults, true, ref command));
        Assert.Equal(16 + 100_000 + 2, command.Length);
    }

    private static void AssertReads(string text, string expected)
    {
        foreach (string behind in new[] { "", new string(' ', 100), "PING\r\nPING\r\nPING\r\nPING\r\nPING\r\nPING\r\nPING\r\nPING\r\nPING\r\nPING\r\nPING\r\nPING" })
        {
            byte[] data = Wire.Bytes(text + behind);
            Command command = default;
            Assert.Equal(ParseStatus.Complete, CommandParser.TryRead(data, Defaults, true, ref command));
            Assert.Equal(expected, Describe(data, command));
            Assert.Equal(text.Length, command.Length);
        }
    }

    private static void AssertEnds(string text, ParseStatus expected)
    {
        Command command = default;
        Assert.Equal(expected, CommandParser.TryRead(Wire.Bytes(text), Defaults, true, ref command));
        Assert.Equal(expected, CommandParser.TryRead(Wire.Bytes(text + new string('z', 100)), Defaults, true, ref command));
    }

    private static string Describe(byte[] data, in Command command)
    {
        string subject = Wire.Text(data.AsSpan(command.SubjectStart, command.SubjectLength));
        string reply = command.ReplyLength > 0 ? Wire.Text(data.AsSpan(command.ReplyStart, command.ReplyLength)) : "";
        string payload = Wire.Text(data.AsSpan(command.PayloadStart, command.PayloadLength));
        return command.Verb switch
        {
            Verb.Pub => $"Pub {subject}{(reply.Length > 0 ? ">" : "")}{reply} {command.PayloadLength}:{payload}",
            Verb.Hpub => $"Hpub {subject}{(reply.Length > 0 ? ">" : "")}{reply} {command.HeaderLength}/{command.PayloadLength}:{payload}",
            Verb.Sub => $"Sub {subject}{(reply.Length > 0 ? "/" : "")}{reply} #{Wire.Text(data.AsSpan(command.SidStart, command.SidLength))}",
            Verb.Unsub => $"Unsub {subject} max {command.Max}",
            _ => $"{command.Verb} [{subject}]",
        };
    }
}

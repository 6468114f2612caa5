using System.Text;
using Causeway.Core.Tests.Support;
using Causeway.Core.Transcripts;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Transcripts;

/// <summary>What is written down of a session, in nats-server's form, and what is not.</summary>
public sealed class TranscriptTests
{
    private const string Client = "127.0.0.1:50000 - cid:1";

    private readonly Lines _lines = new();

    [Fact]
    public void A_session_is_written_down_command_by_command()
    {
        TestNode node = Start();
        TestClient client = node.Accept();
        _lines.Taken.Clear();

        client.Send("CONNECT {\"verbose\":false,\"headers\":true}\r\nping\r\nSUB foo  1\r\nsub foo.* q 2\r\nPUB foo reply 5\r\nhello\r\n");

        Assert.Equal(
            [
                $"{Client} - <<- [CONNECT {{\"verbose\":false,\"headers\":true}}]",
                $"{Client} - <<- [PING]",
                $"{Client} - ->> [PONG]",
                $"{Client} - <<- [SUB foo  1]",
                $"{Client} - <<- [SUB foo.* q 2]",
                $"{Client} - <<- [PUB foo reply 5]",
                $"{Client} - <<- MSG_PAYLOAD: [\"hello\"]",
                $"{Client} - ->> [MSG foo 1 reply 5]",
            ],
            _lines.Taken);
        _lines.Taken.Clear();
        client.Send("+OK\r\nCONNECT {\"verbose\":false,\"version\":\"1.2\",\"lang\":\"go\",\"name\":\"a\\nb\"}\r\nPONG\r\n");
        Assert.Equal($"{Client} - \"v1.2:go:a\\nb\" - <<- [PONG]", _lines.Taken[^1]);
        client.Send("CONNECT {\"verbose\":false,\"version\":\"\",\"lang\":\"\",\"name\":\"\"}\r\n");
        _lines.Taken.Clear();
        client.Send("HPUB foo.b 12 14\r\nNATS/1.0\r\n\r\nhi\r\nUNSUB 1 5\r\nFOO\r\n");
        Assert.Equal(
            [
                $"{Client} - <<- [HPUB foo.b 12 14]",
                $"{Client} - <<- MSG_PAYLOAD: [\"NATS/1.0\\r\\n\\r\\nhi\"]",
                $"{Client} - ->> [HMSG foo.b 2 12 14]",
                $"{Client} - <<- [UNSUB 1 5]",
                $"{Client} - ->> [-ERR Unknown Protocol Operation]",
            ],
            _lines.Taken);
    }

    [Fact]
    public void A_receiver_without_headers_is_shown_what_it_gets()
    {
        TestNode node = Start();
        TestClient plain = node.Accept();
        plain.Send("CONNECT {\"verbose\":true,\"headers\":false}\r\nSUB a 1\r\n");
        TestClient sender = node.Connect();
        _lines.Taken.Clear();

        sender.Send("HPUB a 12 14\r\nNATS/1.0\r\n\r\nhi\r\n");

        Assert.Equal($"{Client} - ->> [MSG a 1 2]", _lines.Taken[^1]);
        plain.AssertReads("+OK\r\n+OK\r\nMSG a 1 2\r\nhi\r\n");
    }

    [Fact]
    public void A_long_payload_is_cut_and_nothing_breaks_the_line()
    {
        TestNode node = Start(new Limits { MaxTracedPayloadBytes = 5 });
        TestClient client = node.Connect();
        _lines.Taken.Clear();

        client.Send("PUB a\u001b[31m 7\r\n1\r\n\"\\67\r\n");

        Assert.Equal([$"127.0.0.1:50000 - cid:1 - <<- [PUB a\\x1b[31m 7]", $"{Client} - <<- MSG_PAYLOAD: [\"1\\r\\n\\\"\\\\...\"]"], _lines.Taken);
    }

    [Fact]
    public void Secrets_are_not_shown_whatever_the_answer()
    {
        TestNode node = Start();
        foreach (string options in new[]
        {
            "{\"user\":\"ann\",\"pass\":\"s3cret\"}", "{\"auth_token\":\"s3cret\"}", "{\"AUTH_TOKEN\" : \"s3cret\"}", "{\"p\\u0061ss\":\"s3cret\"}", "{\"jwt\":\"s3cret\",\"sig\":\"s3cret\"}",
            "{\"pass\":{\"a\":[\"s3cret\"]}}", "{\"pass\":\"s3cret\"", "{\"a\":{\"password\":\"s3cret\"}}", "\"s3cret\"x", "\"s3cret\"", "[\"s3cret\"]", "{\"pass\":\"s3cret\",\"pass\":\"s3cret\"}",
        })
        {
            node.Accept().Send($"CONNECT {options}\r\n");
        }

        Assert.Contains($"{Client} - <<- [CONNECT {{\"user\":\"ann\",\"pass\":\"[REDACTED]\"}}]", _lines.Taken);
        Assert.DoesNotContain(_lines.Taken, line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_written_down_once_it_is_switched_off()
    {
        TestNode node = Start();
        TestClient client = node.Connect();
        _lines.Taken.Clear();
        node.Context.Transcript = null;
        node.Batch.Transcript = null;

        client.Send("SUB a 1\r\nPUB a 1\r\nx\r\nPING\r\n");

        Assert.Empty(_lines.Taken);
    }

    [Theory]
    [InlineData("hello", "\"hello\"")]
    [InlineData("\a\b\t\n\v\f\r", "\"\\a\\b\\t\\n\\v\\f\\r\"")]
    [InlineData("\0\u001b\u007f", "\"\\x00\\x1b\\x7f\"")]
    [InlineData("\"\\'", "\"\\\"\\\\'\"")]
    [InlineData("é漢😀", "\"é漢😀\"")]
    [InlineData("\u00a0\u200b\u2028\ue000", "\"\\u00a0\\u200b\\u2028\\ue000\"")]
    [InlineData("\U000e0001", "\"\\U000e0001\"")]
    public void Bytes_are_quoted_as_Go_does(string text, string quoted) => Assert.Equal(quoted, Quote(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Broken_UTF8_is_shown_byte_by_byte() => Assert.Equal("\"a\\xff\\xe2\\x82\"", Quote([(byte)'a', 0xFF, 0xE2, 0x82]));

    [Fact]
    public void Any_bytes_are_text_without_control_characters() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        StringBuilder plain = new();
        QuotedText.AppendPlain(plain, bytes);
        Assert.DoesNotContain(Quote(bytes) + plain, char.IsControl);
    });

    [Fact]
    public void Whatever_a_CONNECT_holds_no_secret_is_left() => Gen.Select(
        Gen.Select(Gen.OneOf("pass", "PASS", "auth_token", "jwt", "sig", "password", "name", "p\\u0061ss"), Gen.OneOf("\"s3cret\"", "[\"s3cret\"]", "{\"x\":\"s3cret\"}", "1", "null")).Array[0, 5],
        Gen.OneOf("", "}", "]", "{"),
        Gen.Bool).Sample((members, ending, isCut) =>
    {
        (string Key, string Value)[] shown = [.. members.Select(member => member.Item1 == "name" ? ("name", "\"ann\"") : member)];
        string json = $"{{{string.Join(',', shown.Select(member => $"\"{member.Key}\":{member.Value}"))}}}{ending}";
        json = isCut ? json[..^1] : json;
        string redacted = Encoding.UTF8.GetString(ConnectRedaction.Without(Encoding.UTF8.GetBytes(json)));

        Assert.DoesNotContain("s3cret", redacted, StringComparison.Ordinal);
        Assert.True(shown.All(member => member.Key != "name") || redacted == ConnectRedaction.Redacted || redacted.Contains("\"ann\"", StringComparison.Ordinal));
    });

    private static string Quote(byte[] bytes)
    {
        StringBuilder text = new();
        QuotedText.AppendQuoted(text, bytes);
        return text.ToString();
    }

    private TestNode Start(Limits? limits = null)
    {
        TestNode node = new(limits);
        node.Context.Transcript = node.Batch.Transcript = new Transcript(_lines, isVerbose: false);
        return node;
    }

    private sealed class Lines : ITranscriptLog
    {
        public List<string> Taken { get; } = [];

        public void Add(string line) => Taken.Add(line);
    }
}

using Causeway.Cli.Bench;
using Xunit;

namespace Causeway.Cli.Tests.Bench;

public sealed class FrameScannerTests
{
    private const string Valid =
        "INFO {\"a\":1}\r\nPONG\r\n+OK\r\nMSG a.b 1 5\r\nhello\r\nMSG a 12 _INBOX.x 0\r\n\r\nPING\r\n"
        + "HMSG a 1 12 16\r\nNATS/1.0\r\n\r\nbody\r\nMSG a 1 20\r\nMSG a 1 3\r\nabc\r\nPING\r\n-ERR 'Stale Connection'\r\n";

    private static readonly string[] ValidEvents =
    [
        "INFO {\"a\":1}", "PONG", "MSG a.b 1 5", "payload hello", "MSG a 12 _INBOX.x 0", "payload ", "PING",
        "HMSG a 1 12 16", "payload NATS/1.0\r\n\r\nbody", "MSG a 1 20", "payload MSG a 1 3\r\nabc\r\nPING", "error the server says -ERR 'Stale Connection'",
    ];

    [Fact]
    public void A_valid_stream_gives_its_events()
    {
        Assert.Equal(ValidEvents, Scan([Streams.Bytes(Valid)]));
    }

    [Fact]
    public void Every_cut_in_two_gives_the_same_events()
    {
        byte[] stream = Streams.Bytes(Valid);
        for (int cut = 0; cut <= stream.Length; cut++)
        {
            Assert.Equal(ValidEvents, Scan([stream[..cut], stream[cut..]]));
        }
    }

    [Fact]
    public void Single_bytes_give_the_same_events()
    {
        Assert.Equal(ValidEvents, Scan(Streams.Bytes(Valid).Select(b => new[] { b })));
    }

    [Theory]
    [InlineData("MSG a 1 5\r\nhelloPING\r\n", "a payload does not end with CR LF")]
    [InlineData("MSG a 1 5\r\nhello\rX", "a payload does not end with CR LF")]
    [InlineData("MSG a 1 x\r\n", "a message without a size: MSG a 1 x")]
    [InlineData("MSG a 1 99999999999\r\n", "a message without a size: MSG a 1 99999999999")]
    [InlineData("MSG a 1 -5\r\n", "a message without a size: MSG a 1 -5")]
    [InlineData("HTTP/1.1 400 Bad\u0001Request\r\n", "not the protocol: HTTP/1.1 400 Bad.Request")]
    [InlineData("\r\n", "not the protocol: ")]
    [InlineData("-ERR 'Unknown Protocol Operation'\r\n", "the server says -ERR 'Unknown Protocol Operation'")]
    public void What_is_wrong_is_an_error_and_ends_the_stream(string stream, string error)
    {
        Assert.Equal([$"error {error}"], Scan([Streams.Bytes(stream + "PING\r\n")]).Where(e => e.StartsWith("error", StringComparison.Ordinal) || e == "PING"));
    }

    [Fact]
    public void A_line_without_end_is_an_error_and_not_endless_memory()
    {
        RecordingHandler handler = new();
        FrameScanner scanner = new(handler);
        byte[] part = new byte[1024];
        part.AsSpan().Fill((byte)'x');
        for (int i = 0; i <= FrameScanner.MaxLineBytes / part.Length; i++)
        {
            scanner.Feed(part);
        }

        Assert.Equal(["error a line is too long"], handler.Events);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("PIN", false)]
    [InlineData("PING\r\n", true)]
    [InlineData("MSG a 1 2\r\n", false)]
    [InlineData("MSG a 1 2\r\nab\r", false)]
    [InlineData("MSG a 1 2\r\nab\r\n", true)]
    public void It_knows_whether_a_frame_is_incomplete(string stream, bool boundary)
    {
        FrameScanner scanner = new(new RecordingHandler());
        scanner.Feed(Streams.Bytes(stream));
        Assert.Equal(boundary, scanner.AtBoundary);
    }

    private static List<string> Scan(IEnumerable<byte[]> parts)
    {
        RecordingHandler handler = new();
        FrameScanner scanner = new(handler);
        foreach (byte[] part in parts)
        {
            scanner.Feed(part);
        }

        return handler.Events;
    }
}

using System.Text;
using Causeway.Client.Protocol;
using CsCheck;
using Xunit;

namespace Causeway.Client.Tests.Protocol;

public sealed class CommandEncoderTests
{
    [Theory]
    [InlineData("a.b", null, false, "PUB a.b 5\r\nhello\r\n")]
    [InlineData("a.b", "r.s", false, "PUB a.b r.s 5\r\nhello\r\n")]
    [InlineData("a.b", null, true, "HPUB a.b 18 23\r\nNATS/1.0\r\nk: v\r\n\r\nhello\r\n")]
    [InlineData("é", "r", true, "HPUB é r 18 23\r\nNATS/1.0\r\nk: v\r\n\r\nhello\r\n")]
    public void Publishes_are_written(string subject, string? replyTo, bool withHeaders, string expected)
    {
        MessageHeaders? headers = withHeaders ? new() { { "k", "v" } } : null;
        int headerBytes = headers?.EncodedLength() ?? 0;
        byte[] target = new byte[CommandEncoder.PublishLineBound(subject, replyTo) + headerBytes + 5];

        int length = CommandEncoder.WritePublish(target, subject, replyTo, headers, headerBytes, "hello"u8);

        Assert.Equal(expected, Encoding.UTF8.GetString(target, 0, length));
    }

    [Theory]
    [InlineData(null, null, "SUB a.* 7\r\n")]
    [InlineData("q", null, "SUB a.* q 7\r\n")]
    [InlineData(null, 3L, "SUB a.* 7\r\nUNSUB 7 3\r\n")]
    public void Subscribes_are_written(string? queueGroup, long? max, string expected)
    {
        byte[] target = new byte[CommandEncoder.SubscribeBound("a.*", queueGroup)];

        int length = CommandEncoder.WriteSubscribe(target, 7, "a.*", queueGroup, max);

        Assert.Equal(expected, Encoding.UTF8.GetString(target, 0, length));
    }

    [Fact]
    public void The_bounds_hold() =>
        Gen.Select(Gen.String[1, 50], Gen.String[1, 50], Gen.Long[0, long.MaxValue], Gen.Byte.Array[0, 100]).Sample((one, other, number, payload) =>
        {
            byte[] target = new byte[CommandEncoder.PublishLineBound(one, other) + payload.Length];
            CommandEncoder.WritePublish(target, one, other, null, 0, payload);
            target = new byte[CommandEncoder.SubscribeBound(one, other)];
            CommandEncoder.WriteSubscribe(target, number, one, other, number);
            target = new byte[CommandEncoder.UnsubscribeBound];
            CommandEncoder.WriteUnsubscribe(target, number, number);
        });

    [Fact]
    public void Connect_says_all_that_servers_would_assume_differently()
    {
        string text = Encoding.UTF8.GetString(CommandEncoder.Connect(new ConnectRequest { Name = "n\"1", Echo = true, Headers = true, NoResponders = true }));

        Assert.StartsWith("CONNECT {\"verbose\":false,\"pedantic\":false,", text, StringComparison.Ordinal);
        Assert.Contains("\"echo\":true", text, StringComparison.Ordinal);
        Assert.Contains("\"protocol\":1", text, StringComparison.Ordinal);
        Assert.EndsWith("}\r\nPING\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", text[..text.IndexOf('\r', StringComparison.Ordinal)], StringComparison.Ordinal);
    }
}

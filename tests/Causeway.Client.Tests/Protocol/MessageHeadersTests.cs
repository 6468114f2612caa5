using System.Text;
using Causeway.Client.Protocol;
using CsCheck;
using Xunit;

namespace Causeway.Client.Tests.Protocol;

public sealed class MessageHeadersTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char['!', '~'].Where(c => c != ':'), 1, 10];
    private static readonly Gen<string> Value =
        Gen.String[Gen.OneOf(Gen.Char[' ', '~'], Gen.OneOf(':', 'é', '→')), 0, 20].Select(value => value.Trim(' ', '\t'));

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Name, Value).Array[0, 8].Sample(fields =>
        {
            MessageHeaders headers = [];
            foreach ((string name, string value) in fields)
            {
                headers.Add(name, value);
            }

            byte[] block = new byte[headers.EncodedLength()];
            Assert.Equal(block.Length, HeaderBlock.Write(headers, block));
            MessageHeaders back = HeaderBlock.Read(block);
            Assert.Equal(headers, back);
            Assert.Null(back.Status);
        });

    [Fact]
    public void No_block_makes_the_reader_throw() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 40],
            Gen.OneOf("NATS/1.0", "\r\n", "\n", ":", "a", " ", "503", "-1", "é").Array[0, 12].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))))
        .Sample(block => HeaderBlock.Read(block) is not null, iter: 50_000);

    [Theory]
    [InlineData("NATS/1.0 503\r\n\r\n", 503, null)]
    [InlineData("NATS/1.0 503 No Responders\r\n\r\n", 503, "No Responders")]
    [InlineData("NATS/1.0   408   Request Timeout  \r\nA: b\r\n\r\n", 408, "Request Timeout")]
    [InlineData("NATS/1.0\r\n\r\n", null, null)]
    [InlineData("NATS/1.0 x\r\n\r\n", null, null)]
    [InlineData("", null, null)]
    public void The_status_is_read(string block, int? status, string? text)
    {
        MessageHeaders headers = HeaderBlock.Read(Encoding.UTF8.GetBytes(block));

        Assert.Equal(status, headers.Status);
        Assert.Equal(text, headers.StatusText);
    }

    [Fact]
    public void Names_have_several_values_in_order_and_setting_replaces_them()
    {
        MessageHeaders headers = new() { { "a", "1" }, { "b", "2" }, { "a", "3" } };

        Assert.Equal(["1", "3"], headers.GetAll("a"));
        Assert.Equal("1", headers["a"]);
        Assert.Null(headers["A"]);
        headers["a"] = "4";
        Assert.Equal(["4"], headers.GetAll("a"));
        Assert.Equal(2, headers.Count);
    }

    [Theory]
    [InlineData("", "v")]
    [InlineData("a b", "v")]
    [InlineData("a:b", "v")]
    [InlineData("é", "v")]
    [InlineData("a\r\nb", "v")]
    [InlineData("a", "v\r\nx: y")]
    [InlineData("a", "v\n")]
    public void What_would_break_out_of_a_header_is_refused(string name, string value)
    {
        MessageHeaders headers = [];

        Assert.Throws<ArgumentException>(() => headers.Add(name, value));
        Assert.Throws<ArgumentException>(() => headers[name] = value);
        Assert.Empty(headers);
    }
}

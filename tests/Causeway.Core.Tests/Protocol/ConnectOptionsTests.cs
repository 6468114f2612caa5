using System.Text;
using Causeway.Core.Protocol;
using Xunit;

namespace Causeway.Core.Tests.Protocol;

public sealed class ConnectOptionsTests
{
    private readonly ConnectOptions _options = new();

    [Fact]
    public void The_defaults_are_those_of_nats_server() => AssertOptions("verbose pedantic echo", 0, "", "", "");

    [Theory]
    [InlineData("{}", "verbose pedantic echo")]
    [InlineData("{\"verbose\":false}", "pedantic echo")]
    [InlineData("{\"pedantic\":false}", "verbose echo")]
    [InlineData("{\"echo\":false}", "verbose pedantic")]
    [InlineData("{\"headers\":true}", "verbose pedantic echo headers")]
    [InlineData("{\"no_responders\":true}", "verbose pedantic echo no_responders")]
    [InlineData("{\"VERBOSE\":false,\"Pedantic\":false,\"eChO\":false}", "")]
    [InlineData("{\"verbose\":null,\"echo\":null}", "verbose pedantic echo")]
    [InlineData("null", "verbose pedantic echo")]
    [InlineData(" \t {\"verbose\" : false , \"pedantic\":false} \r ", "echo")]
    [InlineData("{\"verbose\":false,\"verbose\":true}", "verbose pedantic echo")]
    [InlineData("{\"v\\u0065rbose\":false}", "pedantic echo")]
    [InlineData("{\"unknown\":{\"verbose\":false,\"a\":[1,2,{\"b\":null}]},\"echo\":false}", "verbose pedantic")]
    [InlineData("{\"user\":\"u\",\"pass\":\"p\",\"auth_token\":\"t\",\"nkey\":\"n\",\"sig\":\"s\",\"jwt\":\"j\",\"tls_required\":false}", "verbose pedantic echo")]
    public void Options_are_read(string json, string on)
    {
        Assert.True(_options.TryApply(Encoding.UTF8.GetBytes(json)));
        AssertOptions(on, 0, "", "", "");
    }

    [Fact]
    public void Texts_and_the_protocol_are_read()
    {
        Assert.True(_options.TryApply("{\"name\":\"caf\\u00e9 \u00fc\",\"lang\":\"C#\",\"version\":\"1.2\",\"protocol\":1}"u8));
        AssertOptions("verbose pedantic echo", 1, "caf\u00e9 \u00fc", "C#", "1.2");
    }

    [Fact]
    public void A_second_time_changes_only_what_is_named()
    {
        Assert.True(_options.TryApply("{\"verbose\":false,\"headers\":true,\"name\":\"n\",\"protocol\":1}"u8));
        Assert.True(_options.TryApply("{\"verbose\":true,\"name\":null}"u8));
        AssertOptions("verbose pedantic echo headers", 1, "n", "", "");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{bad")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("nullx")]
    [InlineData("null {}")]
    [InlineData("{} x")]
    [InlineData("{}{}")]
    [InlineData("{\"verbose\"}")]
    [InlineData("{\"verbose\":}")]
    [InlineData("{\"verbose\":true,}")]
    [InlineData("{verbose:true}")]
    [InlineData("{\"verbose\":\"true\"}")]
    [InlineData("{\"verbose\":1}")]
    [InlineData("{\"verbose\":{}}")]
    [InlineData("{\"echo\":[]}")]
    [InlineData("{\"headers\":0}")]
    [InlineData("{\"no_responders\":\"\"}")]
    [InlineData("{\"pedantic\":1.5}")]
    [InlineData("{\"name\":5}")]
    [InlineData("{\"name\":true}")]
    [InlineData("{\"lang\":{}}")]
    [InlineData("{\"version\":[\"1\"]}")]
    [InlineData("{\"protocol\":\"1\"}")]
    [InlineData("{\"protocol\":1.0}")]
    [InlineData("{\"protocol\":1e0}")]
    [InlineData("{\"protocol\":99999999999}")]
    [InlineData("{\"protocol\":true}")]
    [InlineData("{\"unknown\":}")]
    [InlineData("{\"unknown\":[1,}")]
    [InlineData("{/*c*/}")]
    [InlineData("\ufeff{}")]
    public void What_has_not_the_right_shape_is_refused(string json) => Assert.False(_options.TryApply(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        Assert.False(_options.TryApply([.. "{\"name\":\""u8, 0xff, .. "\"}"u8]));
        Assert.False(_options.TryApply([.. "{\""u8, 0xc3, .. "\":1}"u8]));
        Assert.False(_options.TryApply("{\"name\":\"\\ud800\"}"u8));
    }

    [Fact]
    public void A_nesting_without_end_is_refused() => Assert.False(_options.TryApply([.. "{\"x\":"u8, .. Enumerable.Repeat((byte)'[', 4000)]));

    private void AssertOptions(string on, int protocol, string name, string lang, string version)
    {
        (bool On, string Name)[] flags =
        [
            (_options.Verbose, "verbose"), (_options.Pedantic, "pedantic"), (_options.Echo, "echo"),
            (_options.Headers, "headers"), (_options.NoResponders, "no_responders"),
        ];
        Assert.Equal(on, string.Join(' ', flags.Where(flag => flag.On).Select(flag => flag.Name)));
        Assert.Equal((protocol, name, lang, version), (_options.Protocol, _options.Name, _options.Lang, _options.Version));
    }
}

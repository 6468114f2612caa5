using System.Text;
using System.Text.Json;
using Causeway.Core.Protocol;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Protocol;

public sealed class ServerInfoTests
{
    private static readonly string[] Always =
        ["server_id", "server_name", "version", "proto", "go", "host", "port", "headers", "max_payload", "client_id", "client_ip"];

    [Fact]
    public void The_line_is_what_clients_expect()
    {
        string line = Wire.Text(TestNode.Info.ToLine(7, "10.0.0.1"));
        Assert.Equal(
            $"INFO {{\"server_id\":\"{new string('N', 56)}\",\"server_name\":\"test\",\"version\":\"2.9.10\",\"proto\":1,\"go\":\"\","
            + "\"host\":\"127.0.0.1\",\"port\":4222,\"headers\":true,\"max_payload\":1048576,\"client_id\":7,\"client_ip\":\"10.0.0.1\"} \r\n",
            line);
    }

    [Fact]
    public void What_is_empty_is_left_out()
    {
        Assert.Equal(Always, Read(TestNode.Info).RootElement.EnumerateObject().Select(member => member.Name));
        JsonElement full = Read(TestNode.Info with { LameDuck = true, ConnectUrls = ["a:1", "b:2"] }).RootElement;
        Assert.Equal([.. Always, "ldm", "connect_urls"], full.EnumerateObject().Select(member => member.Name));
        Assert.True(full.GetProperty("ldm").GetBoolean());
        Assert.Equal(["a:1", "b:2"], full.GetProperty("connect_urls").EnumerateArray().Select(url => url.GetString()));
    }

    [Fact]
    public void The_largest_client_number_is_written_whole() =>
        Assert.Equal(ulong.MaxValue, Read(TestNode.Info, ulong.MaxValue).RootElement.GetProperty("client_id").GetUInt64());

    /// <summary>Whatever the name, the line has one line end, or a client would see two commands.</summary>
    [Theory]
    [InlineData("a\"b\\c")]
    [InlineData("a\r\nPING\r\n")]
    [InlineData("caf\u00e9 \ud83d\ude80")]
    [InlineData("\u0000\u001f")]
    public void A_name_can_not_break_the_line(string name)
    {
        ServerInfo info = TestNode.Info with { ServerName = name };
        Assert.Equal(name, Read(info).RootElement.GetProperty("server_name").GetString());
    }

    private static JsonDocument Read(ServerInfo info, ulong id = 1)
    {
        string line = Encoding.UTF8.GetString(info.ToLine(id, "127.0.0.1"));
        Assert.StartsWith("INFO {", line, StringComparison.Ordinal);
        Assert.Equal(line.Length - 2, line.IndexOf("\r\n", StringComparison.Ordinal));
        return JsonDocument.Parse(line[5..]);
    }
}

using System.CommandLine;
using Causeway.Cli.Connections;
using Causeway.Client;
using Xunit;

namespace Causeway.Cli.Tests.Connections;

public sealed class ServerOptionTests
{
    [Fact]
    public void The_environment_gives_the_default_in_order()
    {
        Environment.SetEnvironmentVariable("CAUSEWAY_SERVER", null);
        Environment.SetEnvironmentVariable("NATS_URL", null);
        try
        {
            Assert.Equal(["nats://127.0.0.1:4222"], Read());
            Environment.SetEnvironmentVariable("NATS_URL", "b:1");
            Assert.Equal(["nats://b:1"], Read());
            Environment.SetEnvironmentVariable("CAUSEWAY_SERVER", "a:1,nats://c:2");
            Assert.Equal(["nats://a:1", "nats://c:2"], Read());
            Assert.Equal(["nats://d:4222"], Read("-s", "d"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("CAUSEWAY_SERVER", null);
            Environment.SetEnvironmentVariable("NATS_URL", null);
        }
    }

    [Fact]
    public void Several_servers_may_be_given() =>
        Assert.Equal(["nats://a:1", "nats://b:2", "nats://c:3"], Read("-s", "a:1,b:2", "--server", "nats://c:3"));

    [Theory]
    [InlineData("http://a:1", "--server: 'http://a:1' has the scheme 'http'; accepted are nats, tls, ws and wss; accepted is nats://host:port (or tls, ws, wss), or several separated by commas")]
    [InlineData("a:1,", "--server: '' is not of the form nats://host:port; accepted is nats://host:port (or tls, ws, wss), or several separated by commas")]
    [InlineData("a:70000", "--server: 'a:70000' has the port '70000'; a port is from 1 to 65535; accepted is nats://host:port (or tls, ws, wss), or several separated by commas")]
    public void A_bad_server_is_named(string text, string expected)
    {
        Option<ServerAddress[]> option = ServerOption.Create();

        ParseResult parsed = new RootCommand { option }.Parse(["-s", text]);

        Assert.Equal(expected, Assert.Single(parsed.Errors).Message);
    }

    private static string[] Read(params string[] args)
    {
        Option<ServerAddress[]> option = ServerOption.Create();
        ParseResult parsed = new RootCommand { option }.Parse(args);
        Assert.Empty(parsed.Errors);
        return [.. parsed.GetValue(option)!.Select(address => address.ToString())];
    }
}

using Causeway.Client.Protocol;
using CsCheck;
using Xunit;

namespace Causeway.Client.Tests;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("nats://bus.example.org:4333", "nats://bus.example.org:4333")]
    [InlineData("NATS://bus:1", "nats://bus:1")]
    [InlineData("bus", "nats://bus:4222")]
    [InlineData("bus:65535", "nats://bus:65535")]
    [InlineData(" nats://10.0.0.1:4222/ ", "nats://10.0.0.1:4222")]
    [InlineData("[::1]", "nats://[::1]:4222")]
    [InlineData("nats://[fe80::1]:9", "nats://[fe80::1]:9")]
    [InlineData("tls://bus", "tls://bus:4222")]
    [InlineData("ws://bus", "ws://bus:80")]
    [InlineData("WSS://bus", "wss://bus:443")]
    [InlineData("wss://[::1]:8443", "wss://[::1]:8443")]
    public void Addresses_are_read(string text, string expected) => Assert.Equal(expected, ServerAddress.Parse(text).ToString());

    [Theory]
    [InlineData(null, "is not of the form nats://host:port")]
    [InlineData("", "is not of the form nats://host:port")]
    [InlineData("nats://", "is not of the form nats://host:port")]
    [InlineData("bus:", "is not of the form nats://host:port")]
    [InlineData(":4222", "is not of the form nats://host:port")]
    [InlineData("a b", "is not of the form nats://host:port")]
    [InlineData("[bus]:1", "is not of the form nats://host:port")]
    [InlineData("[::1", "is not of the form nats://host:port")]
    [InlineData("[::1]4222", "is not of the form nats://host:port")]
    [InlineData("bus:0", "has the port '0'; a port is from 1 to 65535")]
    [InlineData("bus:65536", "has the port '65536'; a port is from 1 to 65535")]
    [InlineData("bus:-1", "has no port behind its colon; a port is from 1 to 65535")]
    [InlineData("http://bus:1", "has the scheme 'http'; accepted are nats, tls, ws and wss")]
    [InlineData("nats://@bus:1", "has an @ without credentials before it; accepted is user:password@ or token@")]
    public void Other_texts_are_refused_with_the_reason(string? text, string expected)
    {
        Assert.False(ServerAddress.TryParse(text, out _, out string? problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void Addresses_are_equal_by_value_without_regard_to_case()
    {
        Assert.Equal(new ServerAddress("bus", 1), ServerAddress.Parse("nats://BUS:1"));
        Assert.Equal(new ServerAddress("bus", 1).GetHashCode(), ServerAddress.Parse("nats://BUS:1").GetHashCode());
        Assert.NotEqual(new ServerAddress("bus", 1), new ServerAddress("bus", 2));
        Assert.NotEqual(new ServerAddress("bus", 1), new ServerAddress("bus", 1, ServerScheme.Tls));
    }

    [Fact]
    public void What_is_read_is_written_so_that_it_reads_the_same() =>
        Gen.OneOf(Gen.String, Gen.Char["abc.:/[]@0123456789"].Array[0, 20].Select(chars => new string(chars))).Sample(text =>
            !ServerAddress.TryParse(text, out ServerAddress? address, out _)
            || ServerAddress.Parse(address.ToString()).Equals(address));

    [Theory]
    [InlineData("nats://ann:s%3Acret@bus:1", "ann", "s:cret", null)]
    [InlineData("ann:p@ss@bus", "ann", "p@ss", null)]
    [InlineData("nats://t0ken@bus", null, null, "t0ken")]
    public void Credentials_before_the_host_are_read_and_never_shown(string text, string? user, string? password, string? token)
    {
        ServerAddress address = ServerAddress.Parse(text);
        ConnectRequest request = address.Credentials!.Prove(new ConnectRequest(), null);
        Assert.Equal((user, password, token), (request.User, request.Password, request.Token));
        Assert.Equal(new ServerAddress(address.Host, address.Port), address);
        Assert.DoesNotContain('@', address.ToString());
        Assert.DoesNotContain((password ?? token)!, address.Credentials.ToString(), StringComparison.Ordinal);
    }
}

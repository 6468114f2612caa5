using Causeway.Client.Hosting;
using Causeway.Client.Protocol;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Causeway.Client.Tests.Hosting;

public sealed class ClientConfigurationTests
{
    [Fact]
    public void Every_key_is_read()
    {
        ClientHostingOptions read = Read(
            "Servers=nats://a:1, tls://b", "Name=n", "User=ann", "Password=secret", "ConnectTimeout=00:00:01", "RequestTimeout=00:00:02",
            "PingInterval=00:00:03", "Echo=false", "OutboundBytesMax=1000", "DrainTimeout=00:00:04", "Directors:0=http://d:8080",
            "Reconnect:DelayMin=00:00:00.1", "Reconnect:DelayMax=00:01:00", "Tls:CaFile=ca", "Tls:CertificateFile=cert", "Tls:KeyFile=key",
            "Tls:ServerName=bus", "Tls:HandshakeFirst=true");

        BusClientOptions client = read.Client;
        Assert.Equal(["nats://a:1", "tls://b:4222"], client.Servers.Select(server => server.ToString()));
        ConnectRequest proof = client.Credentials!.Prove(new ConnectRequest(), null);
        Assert.Equal(("n", "ann", "secret"), (client.Name, proof.User, proof.Password));
        Assert.Equal((1, 2, 3, 4), (client.ConnectTimeout.Seconds, client.RequestTimeout.Seconds, client.PingInterval.Seconds, read.DrainTimeout.Seconds));
        Assert.Equal((false, 1000), (client.Echo, client.OutboundBytesMax));
        Assert.Equal("http://d:8080/", client.Director!.Directors[0].ToString());
        Assert.Equal((100, 60), (client.Reconnect!.DelayMin.TotalMilliseconds, client.Reconnect.DelayMax.TotalSeconds));
        Assert.Equal(new ClientTlsOptions { CaFile = "ca", CertificateFile = "cert", KeyFile = "key", ServerName = "bus", HandshakeFirst = true }, client.Tls);
        Assert.Equal(new BusClientOptions().Servers, Read().Client.Servers);
        Assert.Null(Read().Client.Tls);
    }

    [Theory]
    [InlineData("Server=a", "'Server' is not known; accepted are Servers, ")]
    [InlineData("Tls:Ca=a", "'Tls:Ca' is not known; accepted are CaFile, ")]
    [InlineData("Servers=http://ann:secret@a", "Servers: 'http://***@a' has the scheme 'http'; accepted are nats, tls, ws and wss")]
    [InlineData("ConnectTimeout=soon", "ConnectTimeout: 'soon' is wrong; accepted is a time as 00:00:05")]
    [InlineData("Echo=yes", "Echo: 'yes' is wrong; accepted is true or false")]
    [InlineData("Password=secret", "Password needs User")]
    [InlineData("Token=secret;NkeyFile=f", "Token and NkeyFile exclude each other")]
    [InlineData("OutboundBytesMax=0", "OutboundBytesMax ('0') must be greater than or equal to '1'.")]
    public void What_is_wrong_is_named_without_secrets(string settings, string expected)
    {
        Exception fault = Assert.ThrowsAny<ArgumentException>(() => Read(settings.Split(';')));
        Assert.StartsWith(expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    private static ClientHostingOptions Read(params string[] settings) => ClientConfiguration.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => setting.Split('=', 2)).Select(parts => new KeyValuePair<string, string?>(parts[0], parts[1])))
        .Build());
}

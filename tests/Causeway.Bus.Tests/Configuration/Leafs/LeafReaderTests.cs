using System.Net;
using Causeway.Bus.Configuration.Leafs;
using Causeway.Bus.Configuration.Syntax;
using Causeway.Bus.Leafs;
using Xunit;

namespace Causeway.Bus.Tests.Configuration.Leafs;

/// <summary>The block <c>leafnodes</c>.</summary>
public sealed class LeafReaderTests
{
    [Fact]
    public void What_nats_server_writes_is_read()
    {
        LeafOptions options = Read("""
            leafnodes {
              host: "127.0.0.1", port: 7422
              advertise: "leafs.example.com:7422"
              authorization { users: [ {user: edge, password: secret, account: A}, {user: other, password: secret} ], timeout: 3 }
              reconnect: 2s
              max_subscriptions: 500
              max_pending: 8MB
              remotes: [
                { urls: ["nats-leaf://a:p%40a@10.0.0.5:7422", "nats-leaf://a:p%40a@10.0.0.6"], account: A, deny_exports: "private.>", deny_imports: ["in.a", "in.b"] }
                { url: "tls://token@hub.example.com" }
              ]
            }
            """);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 7422), options.Listen);
        Assert.Equal("leafs.example.com:7422", options.Advertise);
        Assert.Equal(["edge/A", "other/$G"], options.Access!.Users.Select(user => $"{user.Name}/{user.Tenant}"));
        Assert.Equal(TimeSpan.FromSeconds(3), options.Access.Timeout);
        Assert.Equal((TimeSpan.FromSeconds(2), 500, 8L << 20, 6L << 20), (options.Limits.RedialPause, options.Limits.MaxSubscriptions, options.Limits.MaxPendingBytes, options.Limits.MaxBulkPendingBytes));
        LeafRemoteOptions one = options.Remotes[0];
        Assert.Equal(["10.0.0.5:7422", "10.0.0.6:7422"], one.Remote.Addresses);
        Assert.Equal(("a", "p@a", "", "A", "10.0.0.5:7422/A"), (one.Remote.Login.User, one.Remote.Login.Password, one.Remote.Login.Token, one.Remote.Tenant, one.Remote.Name));
        Assert.False(one.Remote.Permissions.MayReceive("private.x"u8));
        Assert.False(one.Remote.Permissions.MayPublish("in.b"u8));
        Assert.True(one.Remote.Permissions.MayPublish("in.c"u8));
        LeafRemoteOptions two = options.Remotes[1];
        Assert.Equal(("token", "hub.example.com:7422", true), (two.Remote.Login.Token, two.Remote.Addresses[0], two.RequiresTls));
    }

    [Theory]
    [InlineData("leafnodes: 7", "'leafnodes' is a whole number that can't be taken; accepted is a block in braces")]
    [InlineData("leafnodes { listen: nowhere }", "'listen' or 'host' is no address for leaf nodes; accepted is host:port with an IP address, or a port")]
    [InlineData("leafnodes { compression: s2 }", "'compression' is not known here; accepted are listen, host, port, advertise, authorization, tls, reconnect, max_subscriptions, max_pending, remotes")]
    [InlineData("leafnodes { remotes: [ { account: A } ] }", "a remote has no address; accepted is nats-leaf://host:port, tls://host:port or nats://host:port, with user:password@ or token@ before the host")]
    [InlineData("leafnodes { remotes: [ { url: \"ftp://u:secret@host\" } ] }", "'url' is no address of a hub; accepted is nats-leaf://host:port, tls://host:port or nats://host:port, with user:password@ or token@ before the host")]
    [InlineData("leafnodes { remotes: [ { url: \"nats://h\", deny_imports: \"a..b\" } ] }", "'a..b' is no subject; accepted are tokens with . between them, * for any one token and > for all that follow")]
    [InlineData("leafnodes { authorization { user: u } }", "'authorization' of leafnodes needs a user with a password, or users; accepted is {user: name, password: secret, account: name} or {users: [...]}")]
    [InlineData("leafnodes { port: 1, tls { ca_file: x } }", "'tls' needs cert_file and key_file together; they may only both be left out of a remote")]
    public void What_is_not_right_is_said_in_one_line(string text, string expected)
    {
        ConfigurationException fault = Assert.Throws<ConfigurationException>(() => Read(text));
        Assert.EndsWith(expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret@", fault.Message, StringComparison.Ordinal);
    }

    private static LeafOptions Read(string text) => LeafReader.Read(new ConfigurationParser(_ => throw new IOException("no file"), _ => null).Parse("test.conf", text))!;
}

using System.Net.Sockets;
using Causeway.Bus.Tests.Support;
using Causeway.Bus.Tls;
using Causeway.Core;
using Causeway.Core.Clients;
using Xunit;

namespace Causeway.Bus.Tests.Tls;

public sealed class TlsTroubleTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task New_handshakes_see_a_changed_certificate_and_clients_that_are_here_lose_nothing()
    {
        TestNode node = Start();
        using SecureClient old = await SecureClient.ConnectAsync(node.Address);
        Assert.Equal("PONG", await old.LineAsync());
        await old.SendAsync("SUB a 1\r\n");
        byte[] before = old.NodeCertificate!.RawData;
        Task load = old.SendAsync(string.Concat(Enumerable.Range(0, 5000).Select(number => $"PUB a 5\r\n{number:D5}\r\n")));

        _authority.Write("server", _authority.Issue("CN=renewed"));
        node.Bus.PrepareTls(_authority.Options)();
        using SecureClient next = await SecureClient.ConnectAsync(node.Address);

        Assert.Equal("PONG", await next.LineAsync());
        Assert.Equal("CN=renewed", next.NodeCertificate!.Subject);
        Assert.NotEqual(before, next.NodeCertificate.RawData);
        await load;
        for (int number = 0; number < 5000; number++)
        {
            Assert.Equal("MSG a 1 5", await old.LineAsync());
            Assert.Equal($"{number:D5}", await old.LineAsync());
        }

        old.Dispose();
        next.Dispose();
        await node.EndAsync();
    }

    [Fact]
    public async Task Files_that_can_not_be_used_change_nothing_and_are_named()
    {
        TestNode node = Start();
        File.WriteAllText(_authority.PathOf("server-key.pem"), "no key");

        ArgumentException fault = Assert.Throws<ArgumentException>(() => node.Bus.PrepareTls(_authority.Options));
        ArgumentException gone = Assert.Throws<ArgumentException>(() => node.Bus.PrepareTls(_authority.Options with { CertificateFile = _authority.PathOf("none.pem") }));
        ArgumentException ended = Assert.Throws<ArgumentException>(() => node.Bus.PrepareTls(null));

        Assert.Contains("server-key.pem", fault.Message, StringComparison.Ordinal);
        Assert.Contains("none.pem", gone.Message, StringComparison.Ordinal);
        Assert.Contains("restart", ended.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        using (SecureClient client = await SecureClient.ConnectAsync(node.Address))
        {
            Assert.Equal("PONG", await client.LineAsync());
        }

        await node.EndAsync();
    }

    [Fact]
    public async Task Handshakes_that_stall_end_in_time_and_beyond_the_limit_are_refused_while_others_feel_nothing()
    {
        TestNode node = Start(new Limits { MaxTlsHandshakes = 20 }, options => options with { AllowNonTls = true, Timeout = TimeSpan.FromSeconds(6) });
        TestClient other = await node.SubscriberAsync("a");
        List<TestClient> stalled = [];
        for (int i = 0; i < 50; i++)
        {
            TestClient client = await node.OpenAsync();
            await client.NextAsync();
            await client.Socket.SendAsync(new byte[] { 22, 3, 1, 2, 0, 1 });
            stalled.Add(client);
        }

        await Eventually.TrueAsync(() => node.Bus.Tls!.Refused == 30, Eventually.Deadline);
        for (int i = 0; i < 100; i++)
        {
            await other.SendAsync($"PUB a 3\r\n{i:D3}\r\n");
            Assert.Equal($"{i:D3}", (await other.NextAsync()).PayloadText);
        }

        await Eventually.TrueAsync(() => node.Bus.Tls!.Failed == 20 && node.ClosedFor(CloseReason.TlsHandshakeError) == 50, Eventually.Deadline);
        Assert.Equal(0, node.Bus.Tls!.UnderWay);
        await node.EndAsync();
    }

    [Fact]
    public async Task Garbage_for_a_handshake_ends_that_client_alone()
    {
        TestNode node = Start();
        using SecureClient other = await SecureClient.ConnectAsync(node.Address);
        Assert.Equal("PONG", await other.LineAsync());
        Random random = new(7);
        for (int i = 0; i < 30; i++)
        {
            TestClient client = await node.OpenAsync();
            await client.NextAsync();
            byte[] garbage = new byte[random.Next(5, 4000)];
            random.NextBytes(garbage);
            garbage[0] = 22;
            await client.Socket.SendAsync(garbage);
            client.Socket.Shutdown(SocketShutdown.Send);
        }

        await Eventually.TrueAsync(() => node.Bus.Tls!.Failed == 30, Eventually.Deadline);
        await other.SendAsync("PING\r\n");
        Assert.Equal("PONG", await other.LineAsync());
        other.Dispose();
        await node.EndAsync();
    }

    [Fact]
    public async Task A_drain_ends_clients_with_TLS_in_good_order()
    {
        TestNode node = Start();
        using SecureClient client = await SecureClient.ConnectAsync(node.Address);
        Assert.Equal("PONG", await client.LineAsync());
        await client.SendAsync("SUB a 1\r\nPUB a 2\r\nhi\r\n");
        Assert.Equal("MSG a 1 2", await client.LineAsync());

        await node.Bus.DrainAsync();

        Assert.Equal("hi", await client.LineAsync());
        Assert.Equal("", await client.LineAsync());
        Assert.Equal(1, node.ClosedFor(CloseReason.ServerShutdown));
        client.Dispose();
        await node.EndAsync();
    }

    private TestNode Start(Limits? limits = null, Func<TlsOptions, TlsOptions>? change = null) =>
        TestNode.Start(limits, configure: options => options with { Tls = change?.Invoke(_authority.Options) ?? _authority.Options });
}

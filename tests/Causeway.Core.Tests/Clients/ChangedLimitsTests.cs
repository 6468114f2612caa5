using Causeway.Core.Access;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Clients;

/// <summary>Other limits while clients are there: they hold for each client once it was told, and for newcomers at once.</summary>
public sealed class ChangedLimitsTests
{
    [Fact]
    public void A_larger_payload_may_come_once_the_client_was_told()
    {
        TestNode node = new(new Limits { MaxPayloadBytes = 10 });
        TestClient here = node.Connect();
        node.Context.SetLimits(node.Limits with { MaxPayloadBytes = 20 });
        TestClient newcomer = node.Connect();
        here.Session.Reload(node.Batch);
        here.Send("SUB a 1\r\nPUB a 15\r\n123456789012345\r\n");
        newcomer.Send("PUB a 15\r\n123456789012345\r\n");
        here.AssertReads("MSG a 1 15\r\n123456789012345\r\nMSG a 1 15\r\n123456789012345\r\n");
        Assert.Equal(20, node.Context.Info.MaxPayloadBytes);
    }

    [Fact]
    public void A_smaller_payload_is_refused_and_subscriptions_that_are_there_stay()
    {
        TestNode node = new();
        TestClient client = node.Connect();
        client.Send("SUB a 1\r\nSUB b 2\r\n");
        node.Context.SetLimits(node.Limits with { MaxPayloadBytes = 4, MaxSubscriptions = 1 });
        client.Session.Reload(node.Batch);
        client.Send("PUB a 2\r\nhi\r\n");
        client.AssertReads("MSG a 1 2\r\nhi\r\n");
        client.Send("PUB a 5\r\nhello\r\n");
        client.AssertReads("-ERR 'Maximum Payload Violation'\r\n");
    }

    [Fact]
    public void A_tenant_s_own_limits_stay_within_the_new_ones()
    {
        TestNode node = new(new Limits { MaxPayloadBytes = 1000 });
        node.Tenant.SetLimits(TenantLimits.None with { MaxPayloadBytes = 100 }, node.Limits);
        node.Context.SetLimits(node.Limits with { MaxPayloadBytes = 50, MaxPendingBytes = 5000, PausePendingBytes = 100 });
        Assert.Equal((50, 5000L), (node.Tenant.ClientLimits!.MaxPayloadBytes, node.Tenant.ClientLimits.MaxPendingBytes));
    }

    [Fact]
    public void A_shorter_interval_asks_a_quiet_client_sooner()
    {
        ClientLivenessProbe probe = new(TimeSpan.FromMinutes(10));
        Assert.Equal("Ping", probe.At(2_000));
        probe.Change(TimeSpan.FromSeconds(1), now: 3_000);
        Assert.Equal("Fine", probe.At(3_900));
        Assert.Equal("Ping", probe.At(4_000));
    }

    private sealed class ClientLivenessProbe(TimeSpan interval)
    {
        private readonly Core.Clients.ClientLiveness _liveness = new(new Limits { PingInterval = interval }, 0);

        public string At(long now) => _liveness.Check(now).ToString();

        public void Change(TimeSpan next, long now) => _liveness.SetLimits(new Limits { PingInterval = next }, now);
    }
}

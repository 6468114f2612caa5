using Causeway.Core.Access;
using Causeway.Core.Clients;
using Causeway.Core.Routing;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Clients;

/// <summary>Tenants do not hear each other, and each keeps to its limits.</summary>
public sealed class TenantTests
{
    private readonly LoginNode _login = new();

    private TestNode Node => _login.Node;

    [Fact]
    public void The_same_subjects_and_groups_in_two_tenants_have_nothing_to_do_with_each_other()
    {
        _login.Allow(LoginNode.Named("a", "p", tenant: "A"), LoginNode.Named("b", "p", tenant: "B"), LoginNode.Named("g", "p"));
        TestClient[] clients = [_login.Connect("a", "p"), _login.Connect("b", "p"), _login.Connect("g", "p")];
        foreach (TestClient client in clients)
        {
            client.Send("SUB room.1 1\r\nSUB room.* workers 2\r\nSUB > 3\r\n");
        }

        clients[0].Send("PUB room.1 1\r\na\r\n");
        Assert.Equal(3, clients[0].Read().Split("MSG room.1").Length - 1);
        clients[1].AssertReads("");
        clients[2].AssertReads("");

        // Nobody else hears it: a request of one tenant has no responders, whatever the others listen to.
        foreach (TestClient client in clients)
        {
            client.Send("UNSUB 1\r\nUNSUB 2\r\nUNSUB 3\r\n");
        }

        clients[1].Send("SUB room.1 1\r\n");
        clients[0].Send("SUB inbox 5\r\nPUB room.1 inbox 1\r\na\r\n");
        clients[0].AssertReads("HMSG inbox 5 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");
        Assert.Equal(1, Node.Context.Tenants.Find("B"u8)!.Subscriptions.Count);
        End(clients);
    }

    [Fact]
    public void A_client_can_not_move_to_another_tenant()
    {
        _login.Allow(LoginNode.Named("a", "p", tenant: "A"), LoginNode.Named("b", "p", tenant: "B"));
        TestClient client = _login.Connect("a", "p");
        client.Send("CONNECT {\"user\":\"b\",\"pass\":\"p\"}\r\n");
        client.AssertReads("-ERR 'Authorization Violation'\r\n");
        End(client);
    }

    [Fact]
    public void A_tenant_has_its_limits()
    {
        _login.Set(new AccessSettings
        {
            Users = [LoginNode.Named("a", "p", tenant: "A")],
            Tenants = new Dictionary<string, TenantLimits> { ["A"] = new() { MaxConnections = 1, MaxSubscriptions = 2, MaxPayloadBytes = 10 } },
        });
        TestClient first = _login.Connect("a", "p");
        TestClient second = _login.Connect("a", "p");
        second.AssertReads("-ERR 'maximum account active connections exceeded'\r\n");
        Assert.Equal(CloseReason.MaxTenantConnectionsExceeded, second.CloseReason);
        second.Disconnect();
        first.Send("SUB a 1\r\nSUB b 2\r\nSUB c 3\r\nPING\r\n");
        string told = first.Read();
        Assert.StartsWith("-ERR 'maximum subscriptions exceeded'\r\nPONG\r\nINFO {", told, StringComparison.Ordinal);
        Assert.Contains("\"max_payload\":10,", told, StringComparison.Ordinal);
        first.Send("PUB x 10\r\n0123456789\r\nPUB x 11\r\n01234567890\r\n");
        first.AssertReads("-ERR 'Maximum Payload Violation'\r\n");
        Tenant tenant = Node.Context.Tenants.Find("A"u8)!;
        Assert.Equal((1, 1), (tenant.Connections, tenant.RefusedConnections));
        End(first);
        Assert.Equal(0, tenant.Connections);
        End(_login.Connect("a", "p"));
    }

    [Fact]
    public void A_tenant_over_its_share_of_memory_takes_nothing_new()
    {
        _login.Allow(LoginNode.Named("a", "p", tenant: "A"));
        TestClient first = _login.Connect("a", "p");
        Tenant tenant = Node.Context.Tenants.Find("A"u8)!;
        tenant.IsOverShare = true;
        first.Send("SUB a 1\r\n");
        first.AssertReads("-ERR 'maximum subscriptions exceeded'\r\n");
        TestClient second = _login.Connect("a", "p");
        second.AssertReads("-ERR 'maximum account active connections exceeded'\r\n");
        tenant.IsOverShare = false;
        first.Send("SUB a 1\r\nPUB a 1\r\nx\r\n");
        first.AssertReads("MSG a 1 1\r\nx\r\n");
        End(first, second);
    }

    [Fact]
    public void There_are_so_many_tenants_and_no_more()
    {
        TenantTable tenants = new(Node.Tenant);
        for (int i = 1; i < TenantTable.MaxTenants; i++)
        {
            Assert.NotNull(tenants.FindOrAdd(Wire.Bytes($"t{i}")));
        }

        Assert.Null(tenants.FindOrAdd("more"u8));
        Assert.Equal((TenantTable.MaxTenants, 1), (tenants.All.Count, tenants.Refused));
        Assert.Same(tenants.Default, tenants.Find(default));
        Assert.Same(tenants.Find("t7"u8), tenants.FindOrAdd("t7"u8));
    }

    private void End(params TestClient[] clients)
    {
        foreach (TestClient client in clients)
        {
            client.Disconnect();
        }

        Node.AssertNothingHeld();
    }
}

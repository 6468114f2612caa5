using Causeway.Bus.Transport;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Causeway.Core.Routing;

namespace Causeway.Bus.Nodes;

/// <summary>
/// Keeps each tenant within its share of the memory budget: over it, the tenant takes no new clients and subscriptions, and those of its
/// clients for whom most waits are closed as slow consumers, until it is within again. One thread at a time.
/// </summary>
internal sealed class TenantShares(NodeContext node, ConnectionRegistry connections)
{
    private long _closed;

    /// <summary>Clients closed for their tenant's sake.</summary>
    public long ClosedClients => Volatile.Read(ref _closed);

    /// <summary>One look; costs nothing where no tenant has a share.</summary>
    public void Look()
    {
        foreach (Tenant tenant in node.Tenants.All)
        {
            int percent = tenant.TenantLimits.MaxMemoryPercent;
            if (percent > 0)
            {
                Look(tenant, node.Budget.LimitBytes / 100 * percent);
            }
            else
            {
                tenant.IsOverShare = false;
            }
        }
    }

    private void Look(Tenant tenant, long mostBytes)
    {
        ClientConnection[] clients = [.. connections.Open.Where(connection => connection.Session.Tenant == tenant)];
        long over = clients.Sum(connection => connection.Session.Account.Bytes) + tenant.LeafBytes - mostBytes;
        tenant.IsOverShare = over > 0;
        // What those hold who are being closed already is as good as won.
        over -= clients.Where(connection => connection.CloseReason != CloseReason.None).Sum(connection => connection.Session.Account.Bytes);
        foreach (ClientConnection client in clients.Where(client => client.CloseReason == CloseReason.None && client.Session.Outbound.IsBlocked)
            .OrderByDescending(client => client.Session.Account.BytesOf(MemoryUse.Pending)))
        {
            if (over <= 0)
            {
                return;
            }

            over -= client.Session.Account.BytesOf(MemoryUse.Pending);
            client.Close(CloseReason.SlowConsumerMemory);
            Interlocked.Increment(ref _closed);
        }
    }
}

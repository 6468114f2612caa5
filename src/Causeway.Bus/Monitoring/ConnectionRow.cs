using Causeway.Bus.Nodes;
using Causeway.Bus.Transport;
using Causeway.Core.Clients;

namespace Causeway.Bus.Monitoring;

/// <summary>One connection as <c>/connz</c> shows it, open or over.</summary>
internal sealed record ConnectionRow(
    ulong Id, string Address, int Port, DateTimeOffset Start, DateTimeOffset? Stop, DateTimeOffset LastActivity, string Reason,
    Traffic Traffic, long Pending, int Subscriptions, long RoundTripMilliseconds, long MemoryBytes,
    string Name, string Lang, string Version, string User, string Account, bool IsWebSocket, ClientSession? Session)
{
    public ConnectionRow(ClientConnection open)
        : this(
            open.Session.Id, open.Session.Address, open.Session.Port, open.StartedAt, null, open.LastActivityAt, "",
            new Traffic(open.Session.InMessages, open.Session.InBytes, open.Session.OutMessages, open.Session.OutBytes),
            open.Session.Outbound.PendingBytes, open.Session.Subscriptions.Count, open.Session.Liveness.RoundTripMilliseconds,
            open.Session.Account.Bytes, open.Session.Options.Name, open.Session.Options.Lang, open.Session.Options.Version,
            open.Session.User?.Name ?? "", open.Session.Tenant.Name, open.IsWebSocket, open.Session)
    {
    }

    public ConnectionRow(ClosedConnection closed)
        : this(
            closed.Id, closed.Address, closed.Port, closed.Start, closed.Stop, closed.LastActivity, closed.Reason,
            closed.Traffic, 0, closed.Subscriptions, closed.RoundTripMilliseconds, 0, closed.Name, closed.Lang, closed.Version, closed.User, closed.Account, closed.IsWebSocket, null)
    {
    }
}

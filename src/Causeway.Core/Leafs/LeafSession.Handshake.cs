using Causeway.Core.Access;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Causeway.Core.Protocol;

namespace Causeway.Core.Leafs;

/// <content>Who the two sides are, and when they are in step.</content>
public sealed partial class LeafSession
{
    private void OnConnect(ReadOnlySpan<byte> json)
    {
        if (State != LeafState.AwaitsConnect || LeafHello.Read(json) is not { } hello)
        {
            End("a CONNECT that can't be read, or one too many");
            return;
        }

        Other = hello;
        if (hello.IsClient)
        {
            End("a client has found the port for leafs", "attempted to connect to a leaf node port");
        }
        else if (hello.Cluster.Length > 0 && hello.Cluster == _table.Self.Cluster)
        {
            End("it has this node's cluster name", "Leafnode has same cluster name");
        }
        else
        {
            State = LeafState.LogsIn;
            Conclude(_entry!.Login(json));
        }
    }

    private void Conclude(LoginOutcome outcome)
    {
        if (outcome == LoginOutcome.Pending)
        {
            return;
        }

        if (outcome != LoginOutcome.Accepted)
        {
            _table.Node.AccessCounters.CountLogin(outcome);
            End("it did not prove who it is", outcome.End().Error ?? ProtocolError.AuthorizationViolation);
            return;
        }

        SetPermissions(_entry!.User?.Permissions ?? Permissions.All);
        Establish(_entry.Tenant!);
    }

    private void Establish(string tenant)
    {
        if (_table.TenantOf(tenant) is not { } found)
        {
            End($"there are too many tenants for '{tenant}'", ProtocolError.AuthorizationViolation);
            return;
        }

        Tenant = found;
        if (Role == LeafRole.Hub)
        {
            _table.ReplaceOlder(this);
            Send((_table.Self with { IsConnectInfo = true, ClientId = Id, RemoteAccount = tenant, LeafUrls = _table.Urls }).ToInfo());
        }
        else if (_gate is null)
        {
            SetPermissions(_permissions);
        }

        Subscriptions = new LeafSubscriptions(this, found, Account);
        State = LeafState.Up;
        found.Add(this);
        _teller = new LeafTeller(this, found);
        _table.Host.OnUp(this);
        Tell();
    }

    private void SetPermissions(Permissions permissions)
    {
        _permissions = permissions;
        if (permissions.PublishAllow is not null || permissions.PublishDeny is not null)
        {
            _gate = new PublishGate(permissions, _table.Node.DefaultTenant.Subscriptions.Hash, hasLinks: true);
            Account.Charge(MemoryUse.Connections, PublishGate.MemoryBytes);
        }
    }

    private void OnInfo(ReadOnlySpan<byte> json)
    {
        if (Role != LeafRole.Spoke || LeafHello.Read(json) is not { } hello)
        {
            return;
        }

        if (hello.LeafUrls is not null)
        {
            Other = Other with { LeafUrls = hello.LeafUrls };
        }

        if (hello.IsConnectInfo && State == LeafState.AwaitsHub)
        {
            Other = Other with { RemoteAccount = hello.RemoteAccount };
            Establish(Remote!.Tenant);
        }
    }

    private void OnPong(long now)
    {
        _liveness.OnPong(now);
        _pingsOut = Math.Max(0, _pingsOut - 1);
        if (State == LeafState.AwaitsHub)
        {
            Establish(Remote!.Tenant);
        }

        if (_syncPing > 0 && --_syncPing == 0)
        {
            IsInStep = true;
        }
    }

    /// <summary>
    /// What this deployment wants came back to it: there is a circle. All connections of it find that out; a newcomer ends at once, and one
    /// that is in step only if that was not enough.
    /// </summary>
    private void EndLoop(long now)
    {
        if (_loopSince == long.MaxValue || (IsInStep && now - _loopSince < _table.Limits.LoopGrace.TotalMilliseconds))
        {
            return;
        }

        IsLoop = true;
        End(
            "a loop: what this deployment wants came back to it",
            $"Loop detected for leafnode account=\"{Tenant!.Tenant.Name}\". Delaying attempt to reconnect for {_table.Limits.LoopPause.TotalSeconds}s");
    }

    private void OnError(string error)
    {
        _lastError = $"the other side says: {error}";
        if (error.Contains("Loop detected", StringComparison.OrdinalIgnoreCase))
        {
            IsLoop = true;
        }

        // Those of permissions and limits leave the connection open; whatever else follows, the other side closes.
        if (IsLoop || State != LeafState.Up)
        {
            End(_lastError);
        }
        else if (error.StartsWith("Permissions Violation", StringComparison.OrdinalIgnoreCase) || error.StartsWith("maximum subscriptions", StringComparison.OrdinalIgnoreCase))
        {
            _lastError = null;
            Counters.CountRefusedMessage();
        }
    }
}

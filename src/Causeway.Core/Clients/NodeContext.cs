using Causeway.Core.Memory;
using Causeway.Core.Protocol;
using Causeway.Core.Routing;

namespace Causeway.Core.Clients;

/// <summary>What all clients of a node share.</summary>
public sealed class NodeContext
{
    private ServerInfo _info;

    /// <summary>Creates the context of a node.</summary>
    public NodeContext(Limits limits, MemoryBudget budget, BlockPool pool, Governor governor, Tenant tenant, ServerInfo info)
    {
        Limits = limits;
        Budget = budget;
        Pool = pool;
        Governor = governor;
        DefaultTenant = tenant;
        _info = info;
    }

    /// <summary>The limits.</summary>
    public Limits Limits { get; }

    /// <summary>The memory budget.</summary>
    public MemoryBudget Budget { get; }

    /// <summary>The buffers.</summary>
    public BlockPool Pool { get; }

    /// <summary>The memory governor.</summary>
    public Governor Governor { get; }

    /// <summary>The tenant of clients that name none.</summary>
    public Tenant DefaultTenant { get; }

    /// <summary>The tenant that is called <paramref name="linkName"/> on links, where the default tenant has no name; null if there is none.</summary>
    public Tenant? FindTenant(ReadOnlySpan<byte> linkName) =>
        linkName.IsEmpty || linkName.SequenceEqual(DefaultTenant.NameBytes.Span) ? DefaultTenant : null;

    /// <summary>What INFO says now.</summary>
    public ServerInfo Info
    {
        get => Volatile.Read(ref _info);
        set => Volatile.Write(ref _info, value);
    }
}

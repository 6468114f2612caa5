using System.Security.Cryptography;
using System.Text;
using Causeway.Core.Access;
using Causeway.Core.Clients;
using Causeway.Core.Interest;
using Causeway.Core.Memory;
using Causeway.Core.Regions;
using Causeway.Core.Routing;

namespace Causeway.Core.Leafs;

/// <summary>
/// All leaf-node connections of a node, and what they share. Belongs to the loop of the leafs, but for what says otherwise.
/// </summary>
public sealed class LeafTable
{
    private const int ReleasedAtOnce = 20_000;
    private const string LoopDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly Dictionary<string, LeafTenant> _tenants = new(StringComparer.Ordinal);
    private readonly List<LeafSession> _sessions = [];
    private readonly List<LeafSession> _leaving = [];
    private readonly NodeInterest? _interest;
    private readonly AccessControl? _access;
    private readonly FingerprintKey _key;
    private readonly byte[] _secret;
    private readonly MemoryAccount _account;
    private readonly Action<LeafTenant> _onChanged;
    private ulong _lastId;

    /// <summary>Creates the table of a node without leafs.</summary>
    /// <param name="node">What all clients of the node share.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="self">What the node says of itself.</param>
    /// <param name="secret">What nodes of the deployment share and nobody else knows, by which loops through them are found.</param>
    /// <param name="access">Who may come as a leaf; null for the same as clients.</param>
    /// <param name="interest">What is told to other nodes; null on a node by itself.</param>
    /// <param name="nodeId">The node's number.</param>
    /// <param name="host">Who is told what happens.</param>
    /// <param name="onChanged">Called, by any thread, when leafs of a tenant have something to be told.</param>
    public LeafTable(
        NodeContext node,
        LeafLimits limits,
        LeafHello self,
        byte[] secret,
        AccessControl? access,
        NodeInterest? interest,
        ulong nodeId,
        ILeafHost host,
        Action<LeafTenant> onChanged)
    {
        Node = node;
        Limits = limits;
        Self = self;
        Host = host;
        NodeId = nodeId;
        _secret = secret;
        _access = access;
        _interest = interest;
        _onChanged = onChanged;
        _key = new FingerprintKey(SHA256.HashData(secret).AsSpan(0, FingerprintKey.SecretBytes));
        _account = node.Budget.Open("leafs");
    }

    /// <summary>What all clients of the node share.</summary>
    public NodeContext Node { get; }

    /// <summary>The limits.</summary>
    public LeafLimits Limits { get; }

    /// <summary>What the node says of itself.</summary>
    public LeafHello Self { get; }

    /// <summary>The node's number in the deployment.</summary>
    public ulong NodeId { get; }

    /// <summary>Where leafs can connect, as they are told.</summary>
    public IReadOnlyList<string> Urls { get; set; } = [];

    /// <summary>All connections, those that have yet to log in included.</summary>
    public IReadOnlyList<LeafSession> Sessions => _sessions;

    /// <summary>Connections that came up so far.</summary>
    public long Opened { get; private set; }

    /// <summary>Connections that ended because the other side did not take what was sent.</summary>
    public long SlowConsumers { get; private set; }

    /// <summary>Loops that were found.</summary>
    public long Loops { get; private set; }

    /// <summary>What the connections that are gone have carried and refused.</summary>
    public LeafCounters Closed { get; } = new();

    /// <summary>Bytes of the tables from which leafs are told. Any thread.</summary>
    public long InterestBytes => _account.Bytes;

    /// <summary>Who is told what happens.</summary>
    internal ILeafHost Host { get; }

    /// <summary>Who may come as a leaf.</summary>
    internal AccessControl Access => _access ?? Node.Access;

    /// <summary>The tenant of a leaf that proves nothing.</summary>
    internal string DefaultTenant => Node.DefaultTenant.Name;

    /// <summary>The tenants that have or had leafs.</summary>
    public IEnumerable<LeafTenant> Tenants => _tenants.Values;

    /// <summary>A number for a new connection.</summary>
    public ulong NextId() => ++_lastId;

    /// <summary>The greeting of a server that dials in.</summary>
    public byte[] Greeting(ulong id, string nonce, bool tls) =>
        (Self with { ClientId = id, Nonce = nonce, TlsRequired = tls, AuthRequired = Access.IsRequired, LeafUrls = Urls, AnswersConnect = true }).ToInfo();

    /// <summary>What is told to the leafs of <paramref name="name"/>; null if there are too many tenants.</summary>
    public LeafTenant? TenantOf(string name)
    {
        if (_tenants.TryGetValue(name, out LeafTenant? known))
        {
            return known;
        }

        if (Node.Tenants.FindOrAdd(Encoding.UTF8.GetBytes(name)) is not { } tenant)
        {
            return null;
        }

        LeafTenant created = new(tenant, LoopSubjectOf(tenant), _interest, () => new InterestTable(_key, 1, _account, null, Limits.MaxTombstones), _onChanged);
        Mark(tenant, LeafMarks.Has(NodeId), present: true);
        return _tenants[name] = created;
    }

    /// <summary>Says something of this node's leafs to the other nodes, or takes it back.</summary>
    public void Mark(Tenant tenant, byte[] mark, bool present) =>
        _interest?.SetMark(new InterestText(tenant.NameBytes.Span, mark), present);

    /// <summary>The regular look: takes out what leafs wanted that are gone.</summary>
    public void Check()
    {
        for (int i = _leaving.Count - 1; i >= 0; i--)
        {
            if (_leaving[i].Release(ReleasedAtOnce))
            {
                _leaving.RemoveAt(i);
            }
        }

        foreach (LeafTenant tenant in _tenants.Values)
        {
            tenant.Tenant.LeafBytes = tenant.Sessions.Sum(session => session.Account.Bytes);
        }
    }

    /// <summary>Gives everything back, as the node ends.</summary>
    public void Clear()
    {
        foreach (LeafSession session in _leaving)
        {
            session.Release(int.MaxValue);
        }

        _leaving.Clear();
        foreach (LeafTenant tenant in _tenants.Values)
        {
            Mark(tenant.Tenant, LeafMarks.Has(NodeId), present: false);
            tenant.Clients.RemoveSome(int.MaxValue);
            tenant.Leafs.RemoveSome(int.MaxValue);
        }

        Node.Budget.Close(_account);
    }

    /// <summary>Most subjects that one leaf of <paramref name="tenant"/> may want.</summary>
    internal int MaxSubscriptionsOf(Tenant tenant) => tenant.TenantLimits.MaxSubscriptions is > 0 and int most ? Math.Min(most, Limits.MaxSubscriptions) : Limits.MaxSubscriptions;

    internal void Add(LeafSession session) => _sessions.Add(session);

    /// <summary>A server has one connection for each tenant: the newest, as the older ones may not know yet that they are broken.</summary>
    internal void ReplaceOlder(LeafSession session)
    {
        Opened++;
        foreach (LeafSession older in _sessions.Where(other => other != session && other.Role == LeafRole.Hub && other.State == LeafState.Up
            && other.Tenant == session.Tenant && other.Other.ServerId.Length > 0 && other.Other.ServerId == session.Other.ServerId).ToArray())
        {
            older.End("a newer connection of the same server took its place", "Duplicate Remote LeafNode Connection");
        }
    }

    internal void OnClosed(LeafSession session, string reason)
    {
        _sessions.Remove(session);
        SlowConsumers += session.IsSlow ? 1 : 0;
        Loops += session.IsLoop ? 1 : 0;
        Closed.Add(session.Counters);
        _leaving.Add(session);
        Host.OnDown(session, reason);
    }

    /// <summary>The same on all nodes of the deployment, and nobody else's.</summary>
    private byte[] LoopSubjectOf(Tenant tenant)
    {
        byte[] hash = HMACSHA256.HashData(_secret, tenant.NameBytes.Span);
        StringBuilder subject = new("$LDS.");
        for (int i = 0; i < 22; i++)
        {
            subject.Append(LoopDigits[hash[i] % LoopDigits.Length]);
        }

        return Encoding.ASCII.GetBytes(subject.ToString());
    }
}

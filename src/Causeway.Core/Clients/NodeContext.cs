using System.Security.Cryptography;
using System.Text;
using Causeway.Core.Access;
using Causeway.Core.Memory;
using Causeway.Core.Protocol;
using Causeway.Core.Routing;
using Causeway.Core.Tracing;
using Causeway.Core.Transcripts;

namespace Causeway.Core.Clients;

/// <summary>What all clients of a node share.</summary>
public sealed class NodeContext
{
    private const int NonceBytes = 11;

    private readonly byte[] _key;
    private ServerInfo _info;
    private AccessControl _access = AccessControl.Open;
    private Transcript? _transcript;
    private Limits _limits;

    /// <summary>
    /// Creates the context of a node. <paramref name="key"/> is random, of this process alone, and kept secret: nonces come
    /// of it.
    /// </summary>
    public NodeContext(Limits limits, MemoryBudget budget, BlockPool pool, Governor governor, Tenant tenant, ServerInfo info, byte[]? key = null)
    {
        _key = key ?? [];
        Tenants = new TenantTable(tenant);
        _limits = limits;
        Budget = budget;
        Pool = pool;
        Governor = governor;
        _info = info;
    }

    /// <summary>The limits that hold now. Clients that are here keep theirs until <see cref="ClientSession.Reload"/> is called for each.</summary>
    public Limits Limits => Volatile.Read(ref _limits);

    /// <summary>The memory budget.</summary>
    public MemoryBudget Budget { get; }

    /// <summary>The buffers.</summary>
    public BlockPool Pool { get; }

    /// <summary>The memory governor.</summary>
    public Governor Governor { get; }

    /// <summary>The tenant of clients that name none.</summary>
    public Tenant DefaultTenant => Tenants.Default;

    /// <summary>The tenants.</summary>
    public TenantTable Tenants { get; }

    /// <summary>Where logins wait that take long to check; null where there are none.</summary>
    public ILoginQueue? Logins { get; init; }

    /// <summary>Time that a client may take to secure its connection, before that for its login begins; zero where there is no TLS.</summary>
    public TimeSpan SecureTimeout { get; init; }

    /// <summary>Traces messages that are marked as sampled; null where none are traced. Set before there are clients.</summary>
    public TracedRouting? Tracing { get; set; }

    /// <summary>Writes down what clients and the node say to each other; null, as a rule, for nobody. Event loops look at it before each batch.</summary>
    public Transcript? Transcript
    {
        get => Volatile.Read(ref _transcript);
        set => Volatile.Write(ref _transcript, value);
    }

    /// <summary>Who is told of clients that come and go; null if nobody wants to know. Set before there are any.</summary>
    public IClientWatcher? Watcher { get; set; }

    /// <summary>Who is told what clients do wrong; null if nobody wants to know. Set before there are any.</summary>
    public IClientErrors? Errors { get; set; }

    /// <summary>Who answers what clients ask of their own tenant; null where nobody does. Set before there are any.</summary>
    public ITenantQuestions? Questions { get; set; }

    /// <summary>What was refused for want of permission.</summary>
    public AccessCounters AccessCounters { get; } = new();

    /// <summary>Who may come.</summary>
    public AccessControl Access => Volatile.Read(ref _access);

    /// <summary>The tenant of the deployment's own messages.</summary>
    public Tenant SystemTenant => Tenants.Find(Encoding.UTF8.GetBytes(Access.SystemTenant)) ?? DefaultTenant;

    /// <summary>
    /// Sets who may come from now on, and what INFO says of it. Clients that are here stay as they are until
    /// <see cref="ClientSession.Reload"/> is called for each.
    /// </summary>
    public void SetAccess(AccessControl access)
    {
        IEnumerable<string> named = access.Settings.Tenants.Keys.Concat(access.Settings.Users.Select(user => user.Tenant))
            .Concat(access.Settings.Nkeys.Select(user => user.Tenant)).Append(access.SystemTenant);
        foreach (string name in named.Distinct(StringComparer.Ordinal))
        {
            Tenants.FindOrAdd(Encoding.UTF8.GetBytes(name));
        }

        foreach (Tenant tenant in Tenants.All)
        {
            tenant.SetLimits(access.Settings.Tenants.GetValueOrDefault(tenant.Name, TenantLimits.None), Limits);
        }

        Volatile.Write(ref _access, access);
        Info = Info with { AuthRequired = access.IsRequired && access.NoAuthUser is null };
    }

    /// <summary>
    /// Sets the limits from now on, and what INFO says of them. What is made once stays as it was made: the caches of routes, the receive
    /// buffers and the memory of closed connections.
    /// </summary>
    public void SetLimits(Limits limits)
    {
        Volatile.Write(ref _limits, limits);
        foreach (Tenant tenant in Tenants.All)
        {
            tenant.SetLimits(tenant.TenantLimits, limits);
        }

        Info = Info with { MaxPayloadBytes = limits.MaxPayloadBytes };
    }

    /// <summary>What the client <paramref name="clientId"/> is given to sign: never the same twice, and nobody else can tell it before.</summary>
    public string NonceFor(ulong clientId)
    {
        byte[] hash = HMACSHA256.HashData(_key, BitConverter.GetBytes(clientId));
        return Convert.ToBase64String(hash, 0, NonceBytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    /// <summary>Two keys for hashes of subjects that clients must not be able to prepare.</summary>
    internal (ulong First, ulong Second) SubjectKeys
    {
        get
        {
            byte[] hash = HMACSHA256.HashData(_key, "subjects"u8);
            return (BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8));
        }
    }

    /// <summary>What INFO says now.</summary>
    public ServerInfo Info
    {
        get => Volatile.Read(ref _info);
        set => Volatile.Write(ref _info, value);
    }
}

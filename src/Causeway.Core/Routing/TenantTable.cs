using System.Text;
using Causeway.Core.Subjects;

namespace Causeway.Core.Routing;

/// <summary>
/// The tenants of a node, by name. They come with the configuration or with what other nodes tell of them, and stay as long as the
/// node runs. Any thread; finding one takes no lock.
/// </summary>
public sealed class TenantTable
{
    /// <summary>Most tenants of a node.</summary>
    public const int MaxTenants = 4096;

    private readonly Lock _lock = new();
    private readonly ByteHash _hash;
    private Dictionary<byte[], Tenant> _tenants;
    private Action<Tenant>? _prepare;
    private long _refused;

    /// <summary>Creates the table with the tenant of clients that name none.</summary>
    public TenantTable(Tenant defaultTenant)
    {
        Default = defaultTenant;
        _hash = defaultTenant.Subscriptions.Hash;
        _tenants = Empty();
        _tenants[defaultTenant.NameBytes.ToArray()] = defaultTenant;
    }

    /// <summary>The tenant of clients that name none.</summary>
    public Tenant Default { get; }

    /// <summary>All tenants.</summary>
    public IReadOnlyCollection<Tenant> All => Volatile.Read(ref _tenants).Values;

    /// <summary>Subscriptions of all tenants.</summary>
    public int Subscriptions => All.Sum(tenant => tenant.Subscriptions.Count);

    /// <summary>Times that a tenant was not made, too many being there.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>The tenant <paramref name="name"/>, which the default tenant's may leave empty as on links; null if there is none.</summary>
    public Tenant? Find(ReadOnlySpan<byte> name) => name.IsEmpty || name.SequenceEqual(Default.NameBytes.Span)
        ? Default
        : Volatile.Read(ref _tenants).GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out Tenant? tenant) ? tenant : null;

    /// <summary>The tenant <paramref name="name"/>, made if there is none; null if there are too many, which is counted.</summary>
    public Tenant? FindOrAdd(ReadOnlySpan<byte> name)
    {
        if (Find(name) is { } known)
        {
            return known;
        }

        lock (_lock)
        {
            if (Find(name) is { } other)
            {
                return other;
            }

            if (_tenants.Count >= MaxTenants)
            {
                Interlocked.Increment(ref _refused);
                return null;
            }

            // A seed of its own, so that the same subject in many tenants does not compete for one place in the route caches.
            Tenant tenant = new(Encoding.UTF8.GetString(name), new ByteHash(((ulong)_hash.Of(name) << 32) | (uint)_tenants.Count));
            _prepare?.Invoke(tenant);
            Dictionary<byte[], Tenant> tenants = Empty();
            foreach ((byte[] key, Tenant value) in _tenants)
            {
                tenants[key] = value;
            }

            tenants[name.ToArray()] = tenant;
            Volatile.Write(ref _tenants, tenants);
            return tenant;
        }
    }

    /// <summary>Has <paramref name="prepare"/> done to every tenant there is, and to every other before anybody can find it.</summary>
    public void Prepare(Action<Tenant> prepare)
    {
        lock (_lock)
        {
            _prepare = prepare;
            foreach (Tenant tenant in _tenants.Values)
            {
                prepare(tenant);
            }
        }
    }

    private Dictionary<byte[], Tenant> Empty() => new(new ByteStringComparer(_hash));
}

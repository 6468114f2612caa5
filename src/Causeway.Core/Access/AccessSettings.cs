using Causeway.Core.Routing;

namespace Causeway.Core.Access;

/// <summary>Who may come, as it is configured. Immutable.</summary>
public sealed record AccessSettings
{
    /// <summary>Those who come with a name and a password.</summary>
    public IReadOnlyList<User> Users { get; init; } = [];

    /// <summary>Those who come with an nkey, which is their name.</summary>
    public IReadOnlyList<User> Nkeys { get; init; } = [];

    /// <summary>Who comes with the token; null if there is none.</summary>
    public User? TokenUser { get; init; }

    /// <summary>Whom a client becomes that proves nothing, by name; empty for none.</summary>
    public string NoAuthUser { get; init; } = "";

    /// <summary>Time from the connection to a login that is accepted.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>True if a client is the user whom its certificate names, and no password counts.</summary>
    public bool MapsCertificates { get; init; }

    /// <summary>The tenants that are named, with their limits.</summary>
    public IReadOnlyDictionary<string, TenantLimits> Tenants { get; init; } = new Dictionary<string, TenantLimits>();

    /// <summary>The tenant that the deployment's own messages belong to; empty for <see cref="Tenant.SystemName"/>.</summary>
    public string SystemTenant { get; init; } = "";

    /// <summary>True if somebody must prove himself.</summary>
    public bool IsRequired => Users.Count > 0 || Nkeys.Count > 0 || TokenUser is not null;
}

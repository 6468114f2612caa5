namespace Causeway.Core.Access;

/// <summary>Whom a client can prove to be, and what he may do then. Immutable.</summary>
public sealed class User
{
    /// <summary>The name, or the public nkey, that clients give; what monitoring shows. Empty for who has only a token.</summary>
    public required string Name { get; init; }

    /// <summary>The name of his tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>What proves him; null for one whom nothing proves and only the node itself assigns.</summary>
    public Secret? Secret { get; init; }

    /// <summary>What he may do.</summary>
    public Permissions Permissions { get; init; } = Permissions.All;

    /// <summary>True if whoever was <paramref name="other"/> is this one without proving it again.</summary>
    public bool IsSame(User other) => Name == other.Name && Tenant == other.Tenant
        && (Secret is null ? other.Secret is null : other.Secret is not null && Secret.IsSame(other.Secret));

    /// <inheritdoc/>
    public override string ToString() => Name;
}

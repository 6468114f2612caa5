using Causeway.Core.Routing;

namespace Causeway.Core.Access;

/// <summary>
/// Decides who a client is by what it proves. Immutable: a reload puts another one in its place. Any thread.
/// </summary>
public sealed class AccessControl
{
    /// <summary>Everybody may come and do everything.</summary>
    public static readonly AccessControl Open = new(new AccessSettings());

    private readonly Dictionary<string, User> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, User> _nkeys = new(StringComparer.Ordinal);
    private readonly Lazy<Secret> _decoy;

    /// <summary>Creates it. Throws <see cref="ArgumentException"/> if two users have one name, or a name stands for nobody.</summary>
    public AccessControl(AccessSettings settings)
    {
        Settings = settings;
        Fill(_users, settings.Users);
        Fill(_nkeys, settings.Nkeys);
        if (settings.NoAuthUser.Length > 0)
        {
            NoAuthUser = _users.GetValueOrDefault(settings.NoAuthUser)
                ?? throw new ArgumentException($"no_auth_user '{settings.NoAuthUser}' is not among the users; accepted is the name of one of them");
        }

        // Who is not there must cost as much as who is, or the time would tell the names: the costliest password stands in.
        _decoy = new Lazy<Secret>(() =>
            settings.Users.Select(user => user.Secret).OfType<BcryptSecret>().MaxBy(secret => secret.Cost) ?? (Secret)new PlainSecret(""));
    }

    /// <summary>What it was made of.</summary>
    public AccessSettings Settings { get; }

    /// <summary>True if clients have to prove who they are.</summary>
    public bool IsRequired => Settings.IsRequired;

    /// <summary>True if INFO gives clients a nonce to sign.</summary>
    public bool WantsNonce => Settings.Nkeys.Count > 0;

    /// <summary>Whom a client becomes that proves nothing; null for nobody.</summary>
    public User? NoAuthUser { get; }

    /// <summary>The tenant of the deployment's own messages.</summary>
    public string SystemTenant => Settings.SystemTenant.Length > 0 ? Settings.SystemTenant : IsRequired ? Tenant.SystemName : Tenant.DefaultName;

    /// <summary>
    /// Whom <paramref name="credentials"/> speak of and what is to be proved; null if they are of no kind that could be accepted. Without
    /// a user the proof is to be made all the same, and then to fail.
    /// </summary>
    public (User? User, Secret Secret)? Find(Credentials credentials)
    {
        if (credentials.IsUnsupported)
        {
            return null;
        }

        if (credentials.Nkey.Length > 0)
        {
            // Public keys are no secret: whether one is known may show.
            return _nkeys.GetValueOrDefault(credentials.Nkey) is { Secret: { } key } known ? (known, key) : null;
        }

        if (credentials.User.Length > 0 && _users.Count > 0)
        {
            return _users.GetValueOrDefault(credentials.User) is { Secret: { } secret } user ? (user, secret) : (null, _decoy.Value);
        }

        return credentials.Token.Length > 0 && Settings.TokenUser is { Secret: { } token } ? (Settings.TokenUser, token) : null;
    }

    /// <summary>The first user whom one of <paramref name="names"/>, those of a certificate, is the name of; null if there is none.</summary>
    public User? FindByCertificate(IReadOnlyList<string> names) =>
        names.Select(name => _users.GetValueOrDefault(name)).FirstOrDefault(user => user is not null);

    /// <summary>Who <paramref name="user"/> of an earlier configuration is in this one, whatever proves him now; null if he is gone.</summary>
    public User? Successor(User user) => user.Secret is NkeySecret
        ? _nkeys.GetValueOrDefault(user.Name)
        : user.Name.Length == 0 ? Settings.TokenUser : _users.GetValueOrDefault(user.Name);

    private static void Fill(Dictionary<string, User> table, IReadOnlyList<User> users)
    {
        foreach (User user in users)
        {
            if (!table.TryAdd(user.Name, user))
            {
                throw new ArgumentException($"user '{user.Name}' is there twice; accepted is each name once");
            }
        }
    }
}

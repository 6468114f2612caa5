using Causeway.Bus.Configuration.Syntax;
using Causeway.Core.Access;
using Causeway.Core.Routing;

namespace Causeway.Bus.Configuration.Access;

/// <summary>
/// Reads who may come: the blocks <c>authorization</c> and <c>accounts</c>, and <c>system_account</c> and <c>no_auth_user</c>. Every fault
/// is found, not the first alone. One use, one thread.
/// </summary>
public sealed class AccessReader
{
    private readonly ConfigurationFaults _faults;
    private readonly UserList _users = new();
    private readonly Dictionary<string, TenantLimits> _tenants = new(StringComparer.Ordinal);
    private TimeSpan _timeout = new AccessSettings().Timeout;
    private User? _tokenUser;
    private ConfigurationPlace _tokenPlace;
    private ConfigurationEntry? _system;
    private ConfigurationEntry? _noAuthUser;

    private AccessReader(ConfigurationFaults faults) => _faults = faults;

    /// <summary>The keys that it reads.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["authorization", "accounts", "system_account", "no_auth_user"];

    /// <summary>Reads the entries of <paramref name="configuration"/> that it knows.</summary>
    /// <exception cref="ConfigurationException">Something in them is not right.</exception>
    public static AccessSettings Read(ConfigurationBlock configuration)
    {
        ConfigurationFaults faults = new();
        AccessSettings settings = Read(configuration, faults);
        faults.ThrowFirst();
        return settings;
    }

    /// <summary>Reads the entries of <paramref name="configuration"/> that it knows. What is not right is added to <paramref name="faults"/>, and is not among the settings.</summary>
    public static AccessSettings Read(ConfigurationBlock configuration, ConfigurationFaults faults)
    {
        AccessReader reader = new(faults);
        faults.TryEach(configuration, reader.Take);
        return reader.Settings();
    }

    /// <summary>Who may come when there is one user or token alone, as options of a command line give it. Throws <see cref="ArgumentException"/> if they can't be together.</summary>
    public static AccessSettings Of(string user, string password, string token)
    {
        ConfigurationPlace place = new("command line", 1);
        if (token.Length > 0 ? user.Length + password.Length > 0 : user.Length == 0 || password.Length == 0)
        {
            throw new ArgumentException("--user and --pass belong together, and --auth can't be with them");
        }

        return token.Length > 0
            ? new AccessSettings { TokenUser = TokenUser(token, place) }
            : new AccessSettings { Users = [new User { Name = user, Tenant = Tenant.DefaultName, Secret = UserReader.SecretOf(password, isToken: false, place) }] };
    }

    private static User TokenUser(string token, ConfigurationPlace place) =>
        new() { Name = "", Tenant = Tenant.DefaultName, Secret = UserReader.SecretOf(token, isToken: true, place) };

    private void Take(ConfigurationEntry entry)
    {
        switch (entry.Key.ToLowerInvariant())
        {
            case "authorization":
                TakeAuthorization(entry);
                break;
            case "accounts":
                TakeAccounts(entry);
                break;
            case "system_account":
                _system = entry;
                break;
            case "no_auth_user":
                _noAuthUser = entry;
                break;
        }
    }

    private AccessSettings Settings()
    {
        if (_tokenUser is not null && _users.Named.Count + _users.Nkeys.Count > 0)
        {
            _faults.Add(new ConfigurationException(_tokenPlace, "a token can't be with users; accepted is one of them"));
        }

        string system = "";
        _faults.Try(() => system = NameIn(_system, name => name == Tenant.SystemName || _tenants.ContainsKey(name), "which is not there; accepted is the name of one of the accounts"));
        string noAuthUser = "";
        _faults.Try(() => noAuthUser = NameIn(_noAuthUser, _users.Mentions, "who is not there; accepted is the name of one of the users"));
        return new AccessSettings
        {
            Users = _users.Named,
            Nkeys = _users.Nkeys,
            TokenUser = _tokenUser,
            NoAuthUser = noAuthUser,
            Timeout = _timeout,
            Tenants = _tenants,
            SystemTenant = system,
        };
    }

    private static string NameIn(ConfigurationEntry? entry, Func<string, bool> isThere, string problem) =>
        entry?.AsText() is not { Length: > 0 } name ? ""
        : isThere(name) ? name
        : throw new ConfigurationException(entry.Place, $"'{entry.Key}' names '{name}', {problem}");

    private void TakeAuthorization(ConfigurationEntry entry)
    {
        ConfigurationBlock block = entry.AsBlock();
        ConfigurationEntry? user = null;
        ConfigurationEntry? password = null;
        ConfigurationEntry? users = null;
        Permissions? fallback = null;
        bool isWhole = _faults.TryEach(block, part =>
        {
            switch (part.Key.ToLowerInvariant())
            {
                case "user" or "username":
                    user = part;
                    break;
                case "pass" or "password":
                    password = part;
                    break;
                case "token":
                    _tokenUser = TokenUser(NotEmpty(part), part.Place);
                    _tokenPlace = part.Place;
                    break;
                case "users":
                    users = part;
                    break;
                case "timeout":
                    _timeout = part.AsTime(DurationText.Read) is { Ticks: > 0 } time ? time : throw part.Refuse("a time of more than 0");
                    break;
                case "default_permissions" or "default_permission" or "permissions":
                    fallback = PermissionsReader.Read(part, _faults);
                    break;
                default:
                    throw part.Unknown("user", "password", "token", "users", "timeout", "default_permissions");
            }
        });

        if (users is not null)
        {
            _faults.Try(() => UserReader.Read(users, Tenant.DefaultName, fallback, _users, _faults));
        }

        // Where something was wrong already, what seems to be missing may be that.
        _users.Mention(user is null ? "" : ConfigurationReading.TextOf(user.Value) ?? "");
        if (isWhole && (user is not null || password is not null))
        {
            _users.Add(OnlyUser(block, user, password, users, fallback), block.Place);
        }
    }

    private static User OnlyUser(ConfigurationBlock block, ConfigurationEntry? user, ConfigurationEntry? password, ConfigurationEntry? users, Permissions? permissions)
    {
        if (user is null || password is null || users is not null)
        {
            throw new ConfigurationException(block.Place, "'user' and 'password' belong together, and can't be with 'users'; accepted is one of the two forms");
        }

        Secret secret = UserReader.SecretOf(NotEmpty(password), isToken: false, password.Place);
        return new User { Name = NotEmpty(user), Tenant = Tenant.DefaultName, Secret = secret, Permissions = permissions ?? Permissions.All };
    }

    private static string NotEmpty(ConfigurationEntry entry) => entry.AsText() is { Length: > 0 } text ? text : throw entry.Refuse("a text that is not empty");

    private void TakeAccounts(ConfigurationEntry entry)
    {
        if (entry.Value is ConfigurationList)
        {
            foreach (string name in entry.AsTexts())
            {
                AddTenant(name, entry);
            }

            return;
        }

        _faults.TryEach(entry.AsBlock(), TakeAccount);
    }

    private void TakeAccount(ConfigurationEntry account)
    {
        if (account.Value.IsVariable)
        {
            return;
        }

        AddTenant(account.Key, account);
        Permissions? fallback = null;
        ConfigurationEntry? users = null;
        _faults.TryEach(account.AsBlock(), part =>
        {
            switch (part.Key.ToLowerInvariant())
            {
                case "users":
                    users = part;
                    break;
                case "limits":
                    _tenants[account.Key] = ReadLimits(part);
                    break;
                case "default_permissions":
                    fallback = PermissionsReader.Read(part, _faults);
                    break;
                default:
                    throw part.Unknown("users", "limits", "default_permissions");
            }
        });

        if (users is not null)
        {
            UserReader.Read(users, account.Key, fallback, _users, _faults);
        }
    }

    private void AddTenant(string name, ConfigurationEntry entry)
    {
        if (name.Length == 0 || name.Any(char.IsWhiteSpace) || _tenants.Count >= TenantTable.MaxTenants / 2)
        {
            throw new ConfigurationException(entry.Place, $"'{name}' can't be an account; accepted are {TenantTable.MaxTenants / 2} names without white space");
        }

        _tenants.TryAdd(name, TenantLimits.None);
    }

    private TenantLimits ReadLimits(ConfigurationEntry entry)
    {
        TenantLimits limits = TenantLimits.None;
        _faults.TryEach(entry.AsBlock(), part => limits = part.Key.ToLowerInvariant() switch
        {
            "max_connections" or "max_conn" => limits with { MaxConnections = Most(part) },
            "max_subscriptions" or "max_subs" => limits with { MaxSubscriptions = Most(part) },
            "max_payload" or "max_pay" => limits with { MaxPayloadBytes = Most(part) },
            "max_memory_percent" => limits with { MaxMemoryPercent = (int)part.AsInteger(1, 100) },
            _ => throw part.Unknown("max_connections", "max_subscriptions", "max_payload", "max_memory_percent"),
        });
        return limits;
    }

    /// <summary>A limit; -1 is nats-server's word for none.</summary>
    private static int Most(ConfigurationEntry entry) => (int)Math.Max(0, entry.AsInteger(-1, int.MaxValue));
}

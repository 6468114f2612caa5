using Causeway.Bus.Configuration.Syntax;
using Causeway.Core.Access;

namespace Causeway.Bus.Configuration.Access;

/// <summary>Reads users, with a password or an nkey, and what proves them.</summary>
internal static class UserReader
{
    /// <summary>
    /// Reads the list of <paramref name="entry"/> for <paramref name="tenant"/>; those who have no permissions of their own get
    /// <paramref name="fallback"/>. What is not right is added to <paramref name="faults"/>.
    /// </summary>
    public static void Read(ConfigurationEntry entry, string tenant, Permissions? fallback, UserList users, ConfigurationFaults faults)
    {
        foreach (ConfigurationValue item in entry.AsList().Items)
        {
            faults.Try(() =>
            {
                ConfigurationBlock block = item as ConfigurationBlock
                    ?? throw new ConfigurationException(item.Place, $"a user is {item.Kind}; accepted is a block such as {{user: name, password: secret}}");
                if (ReadUser(block, tenant, fallback, users, faults) is { } user)
                {
                    users.Add(user, block.Place);
                }
            });
        }
    }

    /// <summary>What proves a user who has the password or token <paramref name="text"/>, or one whose bcrypt hash that is.</summary>
    public static Secret SecretOf(string text, bool isToken, ConfigurationPlace place)
    {
        try
        {
            return BcryptSecret.Is(text) ? new BcryptSecret(text, isToken) : new PlainSecret(text, isToken);
        }
        catch (ArgumentException fault)
        {
            throw new ConfigurationException(place, fault.Message);
        }
    }

    /// <summary>Reads a user who may come as a leaf, for the account that he names or else <paramref name="tenant"/>.</summary>
    /// <exception cref="ConfigurationException">Something is not right.</exception>
    public static User ReadLeaf(ConfigurationValue item, string tenant)
    {
        if (item is not ConfigurationBlock block)
        {
            throw new ConfigurationException(item.Place, $"a user is {item.Kind}; accepted is a block such as {{user: name, password: secret, account: name}}");
        }

        ConfigurationFaults faults = new();
        ConfigurationEntry? account = block.Entries.LastOrDefault(entry => entry.Key.Equals("account", StringComparison.OrdinalIgnoreCase));
        ConfigurationBlock others = block with { Entries = [.. block.Entries.Where(entry => !entry.Key.Equals("account", StringComparison.OrdinalIgnoreCase))] };
        User? user = ReadUser(others, account?.AsText() ?? tenant, null, new UserList(), faults);
        faults.ThrowFirst();
        return user!;
    }

    /// <summary>Reads a user; null where something is not right.</summary>
    private static User? ReadUser(ConfigurationBlock block, string tenant, Permissions? fallback, UserList users, ConfigurationFaults faults)
    {
        string name = "";
        string? password = null;
        string? nkey = null;
        Permissions? permissions = null;
        bool isWhole = faults.TryEach(block, part =>
        {
            switch (part.Key.ToLowerInvariant())
            {
                case "user" or "username":
                    name = part.AsText();
                    break;
                case "pass" or "password":
                    password = part.AsText();
                    break;
                case "nkey":
                    nkey = part.AsText();
                    break;
                case "permissions" or "permission" or "authorization":
                    permissions = PermissionsReader.Read(part, faults);
                    break;
                default:
                    throw part.Unknown("user", "password", "nkey", "permissions");
            }
        });
        users.Mention(name);
        if (!isWhole)
        {
            // What seems to be missing may be what was wrong.
            return null;
        }

        if ((nkey is null) == (name.Length == 0) || (nkey is not null && password is not null) || password?.Length == 0)
        {
            throw new ConfigurationException(block.Place, "a user needs a name and a password, a name alone (whom a certificate proves), or an nkey alone; accepted is {user: name, password: secret}, {user: name} or {nkey: U...}");
        }

        try
        {
            return new User
            {
                Name = nkey ?? name,
                Tenant = tenant,
                Secret = nkey is not null ? new NkeySecret(nkey) : password is null ? null : SecretOf(password, isToken: false, block.Place),
                Permissions = permissions ?? fallback ?? Permissions.All,
            };
        }
        catch (ArgumentException fault)
        {
            throw new ConfigurationException(block.Place, fault.Message);
        }
    }
}

using Causeway.Bus.Configuration.Syntax;
using Causeway.Core.Access;

namespace Causeway.Bus.Configuration.Access;

/// <summary>Reads users, with a password or an nkey, and what proves them.</summary>
internal static class UserReader
{
    /// <summary>Reads the list of <paramref name="entry"/> for <paramref name="tenant"/>; those who have no permissions of their own get <paramref name="fallback"/>.</summary>
    public static void Read(ConfigurationEntry entry, string tenant, Permissions? fallback, UserList users)
    {
        foreach (ConfigurationValue item in entry.AsList().Items)
        {
            if (item is not ConfigurationBlock block)
            {
                throw new ConfigurationException(item.Place, $"a user is {item.Kind}; accepted is a block such as {{user: name, password: secret}}");
            }

            users.Add(ReadUser(block, tenant, fallback), block.Place);
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

    private static User ReadUser(ConfigurationBlock block, string tenant, Permissions? fallback)
    {
        string name = "";
        string? password = null;
        string? nkey = null;
        Permissions? permissions = null;
        foreach (ConfigurationEntry part in block.Entries)
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
                    permissions = PermissionsReader.Read(part);
                    break;
                default:
                    throw part.Unknown("user", "password", "nkey", "permissions");
            }
        }

        if ((nkey is null) == (name.Length == 0) || (nkey is not null && password is not null) || (nkey is null && string.IsNullOrEmpty(password)))
        {
            throw new ConfigurationException(block.Place, "a user needs a name and a password, or an nkey alone; accepted is {user: name, password: secret} or {nkey: U...}");
        }

        try
        {
            return new User
            {
                Name = nkey ?? name,
                Tenant = tenant,
                Secret = nkey is null ? SecretOf(password!, isToken: false, block.Place) : new NkeySecret(nkey),
                Permissions = permissions ?? fallback ?? Permissions.All,
            };
        }
        catch (ArgumentException fault)
        {
            throw new ConfigurationException(block.Place, fault.Message);
        }
    }
}

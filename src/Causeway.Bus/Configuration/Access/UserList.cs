using Causeway.Bus.Configuration.Syntax;
using Causeway.Core.Access;

namespace Causeway.Bus.Configuration.Access;

/// <summary>The users found so far, each name once. One use, one thread.</summary>
internal sealed class UserList
{
    /// <summary>Most users of a node.</summary>
    public const int MaxUsers = 100_000;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<User> _all = [];

    /// <summary>Those with a name and a password.</summary>
    public IReadOnlyList<User> Named => [.. _all.Where(user => user.Secret is not NkeySecret)];

    /// <summary>Those with an nkey.</summary>
    public IReadOnlyList<User> Nkeys => [.. _all.Where(user => user.Secret is NkeySecret)];

    /// <summary>Adds one that stands at <paramref name="place"/>.</summary>
    public void Add(User user, ConfigurationPlace place)
    {
        if (!_names.Add(user.Name))
        {
            throw new ConfigurationException(place, $"user '{user.Name}' is there twice; accepted is each name once, in all accounts together");
        }

        if (_names.Count > MaxUsers)
        {
            throw new ConfigurationException(place, $"there are too many users; accepted are {MaxUsers}");
        }

        _all.Add(user);
    }
}

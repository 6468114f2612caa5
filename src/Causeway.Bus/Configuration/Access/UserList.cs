using Causeway.Bus.Configuration.Syntax;
using Causeway.Core.Access;

namespace Causeway.Bus.Configuration.Access;

/// <summary>The users found so far, each name once. One use, one thread.</summary>
internal sealed class UserList
{
    /// <summary>Most users of a node.</summary>
    public const int MaxUsers = 100_000;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _mentioned = new(StringComparer.Ordinal);
    private readonly List<User> _all = [];

    /// <summary>Those with a name and a password.</summary>
    public IReadOnlyList<User> Named => [.. _all.Where(user => user.Secret is not NkeySecret)];

    /// <summary>Those with an nkey.</summary>
    public IReadOnlyList<User> Nkeys => [.. _all.Where(user => user.Secret is NkeySecret)];

    /// <summary>Whether a user with a name is there, or is written there and could not be read.</summary>
    public bool Mentions(string name) => _mentioned.Contains(name);

    /// <summary>Takes note of a name, so that what names a user who can't be read is no second fault.</summary>
    public void Mention(string name)
    {
        if (_mentioned.Count < MaxUsers)
        {
            _mentioned.Add(name);
        }
    }

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

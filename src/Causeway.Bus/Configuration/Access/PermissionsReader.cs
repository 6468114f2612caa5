using Causeway.Bus.Configuration.Syntax;
using Causeway.Core.Access;

namespace Causeway.Bus.Configuration.Access;

/// <summary>Reads what a user may do: <c>publish</c>, <c>subscribe</c> and <c>allow_responses</c>, in all forms that nats-server takes.</summary>
internal static class PermissionsReader
{
    private const int MaxResponses = 1_000_000_000;

    /// <summary>Reads the block of <paramref name="entry"/>.</summary>
    public static Permissions Read(ConfigurationEntry entry)
    {
        Permissions permissions = new();
        foreach (ConfigurationEntry part in entry.AsBlock().Entries)
        {
            permissions = part.Key.ToLowerInvariant() switch
            {
                "publish" or "pub" or "import" => ReadPublish(part, permissions),
                "subscribe" or "sub" or "export" => ReadSubscribe(part, permissions),
                "allow_responses" or "publish_allow_responses" => permissions with { Responses = ReadResponses(part) },
                _ => throw part.Unknown("publish", "subscribe", "allow_responses"),
            };
        }

        // Who may reply and is allowed nothing else may publish nothing else.
        return permissions is { Responses: not null, PublishAllow: null } ? permissions with { PublishAllow = new SubjectSet([]) } : permissions;
    }

    private static Permissions ReadPublish(ConfigurationEntry entry, Permissions permissions)
    {
        (IReadOnlyList<string>? allow, IReadOnlyList<string>? deny) = ReadLists(entry);
        return permissions with { PublishAllow = Try(entry, allow, list => new SubjectSet(list)), PublishDeny = Try(entry, deny, list => new SubjectSet(list)) };
    }

    private static Permissions ReadSubscribe(ConfigurationEntry entry, Permissions permissions)
    {
        (IReadOnlyList<string>? allow, IReadOnlyList<string>? deny) = ReadLists(entry);
        return permissions with { SubscribeAllow = Try(entry, allow, Rules), SubscribeDeny = Try(entry, deny, Rules) };
    }

    private static IReadOnlyList<SubscribeRule> Rules(IReadOnlyList<string> list) => list.Count <= SubjectSet.MaxEntries
        ? [.. list.Select(text => new SubscribeRule(text))]
        : throw new ArgumentException($"more than {SubjectSet.MaxEntries} subjects are in one list");

    private static (IReadOnlyList<string>? Allow, IReadOnlyList<string>? Deny) ReadLists(ConfigurationEntry entry)
    {
        if (entry.Value is not ConfigurationBlock block)
        {
            return (entry.AsTexts(), null);
        }

        IReadOnlyList<string>? allow = null;
        IReadOnlyList<string>? deny = null;
        foreach (ConfigurationEntry part in block.Entries)
        {
            switch (part.Key.ToLowerInvariant())
            {
                case "allow":
                    allow = part.AsTexts();
                    break;
                case "deny":
                    deny = part.AsTexts();
                    break;
                default:
                    throw part.Unknown("allow", "deny");
            }
        }

        return (allow, deny);
    }

    private static ResponseRule? ReadResponses(ConfigurationEntry entry)
    {
        if (entry.Value is not ConfigurationBlock block)
        {
            return entry.AsSwitch() ? ResponseRule.Default : null;
        }

        ResponseRule rule = ResponseRule.Default;
        foreach (ConfigurationEntry part in block.Entries)
        {
            rule = part.Key.ToLowerInvariant() switch
            {
                "max" or "max_msgs" or "max_messages" or "max_responses" =>
                    rule with { MaxMessages = (int)part.AsInteger(-1, MaxResponses) is not 0 and int most ? most : rule.MaxMessages },
                "expires" or "expiration" or "ttl" => rule with { Expires = part.AsTime(DurationText.Read) is { Ticks: > 0 } time ? time : rule.Expires },
                _ => throw part.Unknown("max", "expires"),
            };
        }

        return rule;
    }

    private static T? Try<T>(ConfigurationEntry entry, IReadOnlyList<string>? list, Func<IReadOnlyList<string>, T> create)
        where T : class
    {
        try
        {
            return list is null ? null : create(list);
        }
        catch (ArgumentException fault)
        {
            throw new ConfigurationException(entry.Place, $"'{entry.Key}': {fault.Message}");
        }
    }
}

using Causeway.Bus.Configuration.Syntax;
using Causeway.Core.Access;

namespace Causeway.Bus.Configuration.Access;

/// <summary>Reads what a user may do: <c>publish</c>, <c>subscribe</c> and <c>allow_responses</c>, in all forms that nats-server takes.</summary>
internal static class PermissionsReader
{
    private const int MaxResponses = 1_000_000_000;

    /// <summary>Reads the block of <paramref name="entry"/>; what is not right is added to <paramref name="faults"/>.</summary>
    public static Permissions Read(ConfigurationEntry entry, ConfigurationFaults faults)
    {
        Permissions permissions = new();
        faults.TryEach(entry.AsBlock(), part => permissions = part.Key.ToLowerInvariant() switch
        {
            "publish" or "pub" or "import" => ReadPublish(part, permissions, faults),
            "subscribe" or "sub" or "export" => ReadSubscribe(part, permissions, faults),
            "allow_responses" or "publish_allow_responses" => permissions with { Responses = ReadResponses(part, faults) },
            _ => throw part.Unknown("publish", "subscribe", "allow_responses"),
        });

        // Who may reply and is allowed nothing else may publish nothing else.
        return permissions is { Responses: not null, PublishAllow: null } ? permissions with { PublishAllow = new SubjectSet([]) } : permissions;
    }

    private static Permissions ReadPublish(ConfigurationEntry entry, Permissions permissions, ConfigurationFaults faults)
    {
        (ConfigurationEntry? allow, ConfigurationEntry? deny) = ReadLists(entry, faults);
        return permissions with
        {
            PublishAllow = Create(entry, allow, faults, list => new SubjectSet(list)),
            PublishDeny = Create(entry, deny, faults, list => new SubjectSet(list)),
        };
    }

    private static Permissions ReadSubscribe(ConfigurationEntry entry, Permissions permissions, ConfigurationFaults faults)
    {
        (ConfigurationEntry? allow, ConfigurationEntry? deny) = ReadLists(entry, faults);
        return permissions with { SubscribeAllow = Create(entry, allow, faults, Rules), SubscribeDeny = Create(entry, deny, faults, Rules) };
    }

    private static IReadOnlyList<SubscribeRule> Rules(IReadOnlyList<string> list) => list.Count <= SubjectSet.MaxEntries
        ? [.. list.Select(text => new SubscribeRule(text))]
        : throw new ArgumentException($"more than {SubjectSet.MaxEntries} subjects are in one list");

    private static (ConfigurationEntry? Allow, ConfigurationEntry? Deny) ReadLists(ConfigurationEntry entry, ConfigurationFaults faults)
    {
        if (entry.Value is not ConfigurationBlock block)
        {
            return (entry, null);
        }

        ConfigurationEntry? allow = null;
        ConfigurationEntry? deny = null;
        faults.TryEach(block, part =>
        {
            switch (part.Key.ToLowerInvariant())
            {
                case "allow":
                    allow = part;
                    break;
                case "deny":
                    deny = part;
                    break;
                default:
                    throw part.Unknown("allow", "deny");
            }
        });
        return (allow, deny);
    }

    private static ResponseRule? ReadResponses(ConfigurationEntry entry, ConfigurationFaults faults)
    {
        if (entry.Value is not ConfigurationBlock block)
        {
            return entry.AsSwitch() ? ResponseRule.Default : null;
        }

        ResponseRule rule = ResponseRule.Default;
        faults.TryEach(block, part => rule = part.Key.ToLowerInvariant() switch
        {
            "max" or "max_msgs" or "max_messages" or "max_responses" =>
                rule with { MaxMessages = (int)part.AsInteger(-1, MaxResponses) is not 0 and int most ? most : rule.MaxMessages },
            "expires" or "expiration" or "ttl" => rule with { Expires = part.AsTime(DurationText.Read) is { Ticks: > 0 } time ? time : rule.Expires },
            _ => throw part.Unknown("max", "expires"),
        });
        return rule;
    }

    /// <summary>What a list stands for, of those of its subjects that are right; each that is not is a fault of its own.</summary>
    private static T? Create<T>(ConfigurationEntry named, ConfigurationEntry? entry, ConfigurationFaults faults, Func<IReadOnlyList<string>, T> create)
        where T : class
    {
        T? made = null;
        faults.Try(() =>
        {
            IReadOnlyList<ConfigurationValue> items = entry?.Value is ConfigurationList list ? list.Items : entry is null ? [] : [entry.Value];
            IReadOnlyList<string> texts = entry?.AsTexts() ?? [];
            string[] right = [.. texts.Where((text, index) => faults.Try(() => Checked(named, items[index].Place, [text], create)))];
            made = entry is null ? null : Checked(named, entry.Place, right, create);
        });
        return made;
    }

    private static T Checked<T>(ConfigurationEntry named, ConfigurationPlace place, IReadOnlyList<string> texts, Func<IReadOnlyList<string>, T> create)
    {
        try
        {
            return create(texts);
        }
        catch (ArgumentException fault)
        {
            throw new ConfigurationException(place, $"'{named.Key}': {fault.Message}");
        }
    }
}

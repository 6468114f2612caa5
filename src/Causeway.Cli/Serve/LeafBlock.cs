using System.Globalization;
using Causeway.Bus.Configuration.Leafs;
using Causeway.Bus.Configuration.Syntax;
using Causeway.Bus.Leafs;

namespace Causeway.Cli.Serve;

/// <summary>The block <c>leafnodes</c> of a configuration file.</summary>
/// <param name="Options">What it says.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Text">All of it, by which two are compared.</param>
internal sealed record LeafBlock(LeafOptions Options, ConfigurationPlace Place, string Text)
{
    /// <summary>The keys that it goes by.</summary>
    public static IReadOnlyList<string> Keys { get; } = [LeafReader.Key, "leaf"];

    /// <summary>Reads the block; null if there is none. What is not right in it is added to <paramref name="faults"/>.</summary>
    /// <exception cref="ConfigurationException">It can't be read at all.</exception>
    public static LeafBlock? Read(ConfigurationBlock configuration, ConfigurationFaults faults)
    {
        ConfigurationEntry? entry = configuration.Entries.LastOrDefault(entry => Keys.Contains(entry.Key, StringComparer.OrdinalIgnoreCase));
        return entry is not null && LeafReader.Read(configuration, faults) is { } options ? new LeafBlock(options, entry.Place, TextOf(entry.Value)) : null;
    }

    private static string TextOf(ConfigurationValue value) => value switch
    {
        ConfigurationBlock block => $"{{{string.Join(";", block.Entries.Select(entry => $"{entry.Key.ToLowerInvariant()}={TextOf(entry.Value)}"))}}}",
        ConfigurationList list => $"[{string.Join(",", list.Items.Select(TextOf))}]",
        ConfigurationText text => $"'{text.Text}'",
        ConfigurationSwitch flag => flag.IsOn ? "on" : "off",
        ConfigurationInteger number => number.Number.ToString(CultureInfo.InvariantCulture),
        ConfigurationFraction number => number.Number.ToString(CultureInfo.InvariantCulture),
        _ => value.Kind,
    };
}

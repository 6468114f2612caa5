using System.CommandLine;
using Causeway.Bus.Configuration.Access;
using Causeway.Bus.Configuration.Syntax;
using Causeway.Core.Access;

namespace Causeway.Cli.Serve;

/// <summary>
/// A configuration file as options of <c>causeway serve</c>: what nats-server has a name for under that, everything else in the block
/// <c>causeway</c> under the option's own name. Each value is checked by the option it stands for, so that both know the same rules.
/// </summary>
/// <param name="Options">Options by name.</param>
/// <param name="Access">Who may come.</param>
/// <param name="SystemAccount">Where <c>system_account</c> stands; null if it does not.</param>
/// <param name="Leafs">The block of leaf-node connections; null if there is none.</param>
internal sealed record FileSettings(IReadOnlyDictionary<string, FileOption> Options, AccessSettings Access, ConfigurationPlace? SystemAccount = null, LeafBlock? Leafs = null)
{
    /// <summary>Reads a configuration for the options of <paramref name="command"/>.</summary>
    /// <exception cref="ConfigurationException">Something in it is not right.</exception>
    public static FileSettings Read(ConfigurationBlock configuration, Command command)
    {
        ConfigurationFaults faults = new();
        FileSettings settings = Read(configuration, command, faults);
        faults.ThrowFirst();
        return settings;
    }

    /// <summary>Reads a configuration for the options of <paramref name="command"/>, and adds to <paramref name="faults"/> what is not right.</summary>
    public static FileSettings Read(ConfigurationBlock configuration, Command command, ConfigurationFaults faults)
    {
        FileReading reading = new(command, faults);
        faults.TryEach(configuration, reading.Take);
        faults.Try(() => reading.TakeAddresses(configuration));
        AccessSettings access = AccessReader.Read(configuration, faults);
        ConfigurationPlace? system = configuration.Entries.FirstOrDefault(entry => entry.Key.Equals("system_account", StringComparison.OrdinalIgnoreCase))?.Place;
        LeafBlock? leafs = null;
        faults.Try(() => leafs = LeafBlock.Read(configuration, faults));
        return new FileSettings(reading.Options, access, system, leafs);
    }

    /// <summary>The arguments for all options but those that <paramref name="result"/> has from the command line itself.</summary>
    public IEnumerable<string> ArgumentsBeside(ParseResult result) => Beside(result)
        .SelectMany(option => option.Value.Values.SelectMany(value => (string[])[option.Key, value]));

    /// <summary>The options that hold because <paramref name="result"/> has them not from the command line itself.</summary>
    public IEnumerable<KeyValuePair<string, FileOption>> Beside(ParseResult result) => Options
        .Where(option => FileReading.Find(result.CommandResult.Command, option.Key) is { } known && result.GetResult(known) is null or { Implicit: true });

    /// <summary>The options that differ from <paramref name="other"/>, by name.</summary>
    public IEnumerable<string> Differing(FileSettings other) => Options.Keys.Union(other.Options.Keys)
        .Where(name => !(Options.GetValueOrDefault(name)?.Values ?? []).SequenceEqual(other.Options.GetValueOrDefault(name)?.Values ?? []))
        .Order(StringComparer.Ordinal);

    /// <summary>A fault that an option or limit has with others, with the place in the file that set it, if it did.</summary>
    public string Placed(string fault)
    {
        string name = "--" + fault.TrimStart('-').Split(' ', ':')[0];
        return Options.TryGetValue(name, out FileOption? option) ? $"{option.Place}: '{option.Key}': {fault}" : fault;
    }
}

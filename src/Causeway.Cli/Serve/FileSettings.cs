using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Causeway.Bus.Configuration.Access;
using Causeway.Bus.Configuration.Syntax;
using Causeway.Core.Access;

namespace Causeway.Cli.Serve;

/// <summary>
/// A configuration file as options of <c>causeway serve</c>: what nats-server has a name for under that, everything else in the block
/// <c>causeway</c> under the option's own name. Each value is checked by the option it stands for, so that both know the same rules.
/// </summary>
/// <param name="Options">Options by name, each with its values.</param>
/// <param name="Access">Who may come.</param>
internal sealed record FileSettings(IReadOnlyDictionary<string, IReadOnlyList<string>> Options, AccessSettings Access)
{
    private const string OwnBlock = "causeway";

    /// <summary>nats-server's names, which are not the option's with <c>_</c> for <c>-</c>.</summary>
    private static readonly Dictionary<string, string> OptionsByKey = new(StringComparer.OrdinalIgnoreCase)
    {
        ["server_name"] = "--name",
        ["client_advertise"] = "--client-advertise",
        ["max_payload"] = "--max-payload",
        ["max_pending"] = "--max-pending",
        ["max_control_line"] = "--max-control-line",
        ["max_connections"] = "--max-connections",
        ["max_conn"] = "--max-connections",
        ["max_subscriptions"] = "--max-subscriptions",
        ["max_subs"] = "--max-subscriptions",
        ["ping_interval"] = "--ping-interval",
        ["ping_max"] = "--max-pings-out",
        ["write_deadline"] = "--write-stall-timeout",
        ["lame_duck_duration"] = "--lame-duck-duration",
        ["lame_duck_grace_period"] = "--lame-duck-grace",
    };

    private static readonly string[] AddressKeys = ["listen", "host", "net", "port", "http", "http_port", "monitor_port"];

    /// <summary>Reads the file <paramref name="path"/> for the options of <paramref name="command"/>.</summary>
    /// <exception cref="ConfigurationException">It can't be read, or something in it is not right.</exception>
    public static FileSettings Read(string path, Command command) => Read(ConfigurationParser.ReadFile(path), command);

    /// <summary>Reads a configuration for the options of <paramref name="command"/>.</summary>
    /// <exception cref="ConfigurationException">Something in it is not right.</exception>
    public static FileSettings Read(ConfigurationBlock configuration, Command command)
    {
        Dictionary<string, IReadOnlyList<string>> options = [];
        void Set(ConfigurationEntry entry, string option, IReadOnlyList<string> values)
        {
            Check(command, entry, option, values);
            options[option] = values;
        }

        foreach (ConfigurationEntry entry in configuration.Entries)
        {
            if (OptionsByKey.TryGetValue(entry.Key, out string? option))
            {
                Set(entry, option, [TextFor(entry, command, option)]);
            }
            else if (entry.Key.Equals("debug", StringComparison.OrdinalIgnoreCase))
            {
                Set(entry, "--log-level", [entry.AsSwitch() ? "Debug" : "Information"]);
            }
            else if (entry.Key.Equals(OwnBlock, StringComparison.OrdinalIgnoreCase))
            {
                foreach (ConfigurationEntry own in entry.AsBlock().Entries)
                {
                    string name = "--" + own.Key.Replace('_', '-').ToLowerInvariant();
                    Option known = Find(command, name) ?? throw own.Unknown(OwnKeys(command));
                    Set(own, name, known.Arity.MaximumNumberOfValues > 1 ? own.AsTexts() : [TextFor(own, command, name)]);
                }
            }
            else if (!entry.Value.IsVariable && !AddressKeys.Concat(AccessReader.Keys).Contains(entry.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw entry.Unknown([.. AddressKeys, .. OptionsByKey.Keys, "debug", .. AccessReader.Keys, OwnBlock]);
            }
        }

        ReadAddresses(configuration, Set);
        return new FileSettings(options, AccessReader.Read(configuration));
    }

    /// <summary>The arguments for all options but those that <paramref name="result"/> has from the command line itself.</summary>
    public IEnumerable<string> ArgumentsBeside(ParseResult result) => Options
        .Where(option => Find(result.CommandResult.Command, option.Key) is { } known && result.GetResult(known) is null or { Implicit: true })
        .SelectMany(option => option.Value.SelectMany(value => (string[])[option.Key, value]));

    /// <summary>The options that differ from <paramref name="other"/>, by name.</summary>
    public IEnumerable<string> Differing(FileSettings other) => Options.Keys.Union(other.Options.Keys)
        .Where(name => !(Options.GetValueOrDefault(name) ?? []).SequenceEqual(other.Options.GetValueOrDefault(name) ?? []))
        .Order(StringComparer.Ordinal);

    private static Option? Find(Command command, string name) => name == ServeOptions.ConfigOption || ServeOptions.LoginOptions.Contains(name)
        ? null
        : command.Options.FirstOrDefault(option => option.Name == name && option.Arity.MaximumNumberOfValues > 0);

    private static IEnumerable<string> OwnKeys(Command command) => command.Options
        .Where(option => Find(command, option.Name) is not null && !OptionsByKey.ContainsValue(option.Name) && option.Name is not "--listen" and not "--http")
        .Select(option => option.Name[2..].Replace('-', '_'));

    /// <summary>The value as the option reads it: numbers with their suffix multiplied out, and a bare number as seconds where it is a time.</summary>
    private static string TextFor(ConfigurationEntry entry, Command command, string option) => entry.Value switch
    {
        ConfigurationInteger number when Find(command, option)?.HelpName == Parsing.Duration.HelpName => string.Create(CultureInfo.InvariantCulture, $"{number.Number}s"),
        ConfigurationFraction number when Find(command, option)?.HelpName == Parsing.Duration.HelpName => string.Create(CultureInfo.InvariantCulture, $"{number.Number}s"),
        ConfigurationInteger number => number.Number.ToString(CultureInfo.InvariantCulture),
        _ => entry.AsText(),
    };

    private static void Check(Command command, ConfigurationEntry entry, string option, IReadOnlyList<string> values)
    {
        ParseResult result = command.Parse([.. values.SelectMany(value => (string[])[option, value])]);
        OptionResult? read = result.GetResult(Find(command, option)!);
        ParseError? error = result.Errors.FirstOrDefault(fault => fault.SymbolResult == read || fault.SymbolResult?.Parent == read);
        if (error is not null)
        {
            throw new ConfigurationException(entry.Value.Place, $"'{entry.Key}': {error.Message.Replace(option + ": ", "", StringComparison.Ordinal)}");
        }
    }

    private static void ReadAddresses(ConfigurationBlock configuration, Action<ConfigurationEntry, string, IReadOnlyList<string>> set)
    {
        string host = "0.0.0.0";
        ConfigurationEntry? listen = null;
        string? address = null;
        foreach (ConfigurationEntry entry in configuration.Entries)
        {
            switch (entry.Key.ToLowerInvariant())
            {
                case "host" or "net":
                    host = Bracketed(entry.AsText());
                    listen ??= entry;
                    break;
                case "port":
                    address = entry.AsInteger(-1, ushort.MaxValue) is >= 0 and long port ? port.ToString(CultureInfo.InvariantCulture) : "0";
                    listen = entry;
                    break;
                case "listen":
                    address = entry.AsText();
                    listen = entry;
                    break;
                case "http":
                    set(entry, "--http", [WithHost(entry.AsText(), "0.0.0.0")]);
                    break;
                case "http_port" or "monitor_port":
                    set(entry, "--http", [$"0.0.0.0:{entry.AsInteger(0, ushort.MaxValue)}"]);
                    break;
            }
        }

        if (listen is not null)
        {
            set(listen, "--listen", [WithHost(address ?? "4222", host)]);
        }
    }

    /// <summary>A port alone listens on all addresses, as with nats-server.</summary>
    private static string WithHost(string text, string host) =>
        ushort.TryParse(text, out _) ? $"{host}:{text}" : text.StartsWith(':') ? host + text : text;

    private static string Bracketed(string host) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
}

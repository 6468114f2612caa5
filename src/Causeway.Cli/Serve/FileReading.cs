using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Causeway.Bus.Configuration.Access;
using Causeway.Bus.Configuration.Syntax;

namespace Causeway.Cli.Serve;

/// <summary>Takes a configuration's entries as options of <paramref name="command"/>. What is not right is added to <paramref name="faults"/>. One use, one thread.</summary>
internal sealed class FileReading(Command command, ConfigurationFaults faults)
{
    /// <summary>A port alone listens on all addresses, as with nats-server.</summary>
    private const string AllAddresses = "0.0.0.0";

    private readonly Dictionary<string, FileOption> _options = [];

    public IReadOnlyDictionary<string, FileOption> Options => _options;

    public static Option? Find(Command command, string name) => name == ServeOptions.ConfigOption || ServeOptions.LoginOptions.Contains(name)
        ? null
        : command.Options.FirstOrDefault(option => option.Name == name && option.Arity.MaximumNumberOfValues > 0);

    public void Take(ConfigurationEntry entry)
    {
        if (FileKeys.Options.TryGetValue(entry.Key, out string? option))
        {
            Set(entry, option, [TextFor(entry, option)]);
        }
        else if (TlsKeys.TryTake(entry, faults, (part, name, text) => Set(part, name, [text ?? TextFor(part, name)])))
        {
            return;
        }
        else if (WebSocketKeys.TryTake(entry, faults, (part, name, text) => Set(part, name, [text ?? TextFor(part, name)])))
        {
            return;
        }
        else if (FileKeys.Switches.TryGetValue(entry.Key, out (string Option, string Off, string On) found))
        {
            TakeSwitch(entry, found.Option, entry.AsSwitch() ? found.On : found.Off);
        }
        else if (entry.Key.Equals(FileKeys.OwnBlock, StringComparison.OrdinalIgnoreCase))
        {
            faults.TryEach(entry.AsBlock(), TakeOwn);
        }
        else if (FileKeys.Refused.TryGetValue(entry.Key, out string? reason))
        {
            if (!IsOff(entry))
            {
                throw new ConfigurationException(entry.Place, $"'{entry.Key}' can't be taken: {reason}");
            }
        }
        else if (!entry.Value.IsVariable && !FileKeys.Addresses.Concat(AccessReader.Keys).Concat(LeafBlock.Keys).Contains(entry.Key, StringComparer.OrdinalIgnoreCase))
        {
            throw entry.Unknown([.. FileKeys.Addresses, .. FileKeys.Options.Keys, .. FileKeys.Switches.Keys, .. TlsKeys.Keys, WebSocketKeys.Key, .. AccessReader.Keys, .. LeafBlock.Keys, FileKeys.OwnBlock]);
        }
    }

    /// <summary>Takes the keys that say where to listen, which belong together.</summary>
    public void TakeAddresses(ConfigurationBlock configuration)
    {
        string host = AllAddresses;
        ConfigurationEntry? listen = null;
        string? address = null;
        ConfigurationEntry? http = null;
        foreach (ConfigurationEntry entry in configuration.Entries)
        {
            switch (entry.Key.ToLowerInvariant())
            {
                case "host" or "net":
                    host = ListenAddress.Bracketed(entry.AsText());
                    listen ??= entry;
                    break;
                case "port":
                    address = PortOf(entry);
                    listen = entry;
                    break;
                case "listen":
                    address = entry.AsText();
                    listen = entry;
                    break;
                case "http" or "http_port" or "monitor_port":
                    http = entry;
                    break;
            }
        }

        if (listen is not null)
        {
            faults.Try(() => Set(listen, "--listen", [WithHost(address ?? "4222", host)]));
        }

        // Without a host of its own monitoring listens where clients do.
        string httpHost = listen is { } at && at.Key.Equals("listen", StringComparison.OrdinalIgnoreCase) ? HostOf(WithHost(address!, host)) : host;
        if (http is not null)
        {
            Set(http, "--http", [WithHost(http.Key.Equals("http", StringComparison.OrdinalIgnoreCase) ? http.AsText() : PortOf(http), httpHost)]);
        }
    }

    private static bool IsOff(ConfigurationEntry entry) => FileKeys.Off.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)
        && (entry.Value is ConfigurationSwitch { IsOn: false } || (entry.Value is ConfigurationText { Text: var text } && text.Equals("disabled", StringComparison.OrdinalIgnoreCase)));

    private static string PortOf(ConfigurationEntry entry) =>
        entry.AsInteger(-1, ushort.MaxValue) is >= 0 and long port ? port.ToString(CultureInfo.InvariantCulture) : "0";

    private static string HostOf(string address) => address.LastIndexOf(':') is > 0 and int colon ? address[..colon] : AllAddresses;

    internal static string WithHost(string text, string host) =>
        ushort.TryParse(text, out _) ? $"{host}:{text}" : text.StartsWith(':') ? host + text : text;

    private void TakeSwitch(ConfigurationEntry entry, string option, string value)
    {
        bool isLess = _options.TryGetValue(option, out FileOption? before) && !before.Key.Equals(entry.Key, StringComparison.OrdinalIgnoreCase)
            && FileKeys.Switches.Values.Any(other => other.Option == option && other.On == before.Values[0] && value != "verbose");
        if (!isLess)
        {
            Set(entry, option, [value]);
        }
    }

    private void TakeOwn(ConfigurationEntry entry)
    {
        string name = "--" + entry.Key.Replace('_', '-').ToLowerInvariant();
        Option known = Find(command, name) ?? throw entry.Unknown(OwnKeys());
        Set(entry, name, known.Arity.MaximumNumberOfValues > 1 ? entry.AsTexts() : [TextFor(entry, name)]);
    }

    private IEnumerable<string> OwnKeys() => command.Options
        .Where(option => Find(command, option.Name) is not null && !FileKeys.Options.Values.Contains(option.Name) && option.Name is not "--listen" and not "--http")
        .Select(option => option.Name[2..].Replace('-', '_'));

    /// <summary>The value as the option reads it: numbers with their suffix multiplied out, and a bare number as seconds where it is a time.</summary>
    private string TextFor(ConfigurationEntry entry, string option) => entry.Value switch
    {
        ConfigurationInteger number when Find(command, option)?.HelpName == Parsing.Duration.HelpName => string.Create(CultureInfo.InvariantCulture, $"{number.Number}s"),
        ConfigurationFraction number when Find(command, option)?.HelpName == Parsing.Duration.HelpName => string.Create(CultureInfo.InvariantCulture, $"{number.Number}s"),
        ConfigurationInteger number => number.Number.ToString(CultureInfo.InvariantCulture),
        _ => entry.AsText(),
    };

    private void Set(ConfigurationEntry entry, string option, IReadOnlyList<string> values)
    {
        ParseResult result = command.Parse([.. values.SelectMany(value => (string[])[option, value])]);
        OptionResult? read = result.GetResult(Find(command, option)!);
        ParseError? error = result.Errors.FirstOrDefault(fault => fault.SymbolResult == read || fault.SymbolResult?.Parent == read);
        if (error is not null)
        {
            throw new ConfigurationException(entry.Value.Place, $"'{entry.Key}': {error.Message.Replace(option + ": ", "", StringComparison.Ordinal)}");
        }

        _options[option] = new FileOption(entry.Key, entry.Value.Place, values);
    }
}

using System.Globalization;
using Causeway.Bus.Configuration.Syntax;

namespace Causeway.Cli.Serve;

/// <summary>The block <c>websocket</c> of a configuration file as options of <c>causeway serve</c>.</summary>
internal static class WebSocketKeys
{
    /// <summary>The key at the top of a file.</summary>
    public const string Key = "websocket";

    private const string AnyHost = "0.0.0.0";

    private static readonly Dictionary<string, string> Options = new(StringComparer.OrdinalIgnoreCase)
    {
        ["no_tls"] = "--websocket-no-tls",
        ["same_origin"] = "--websocket-same-origin",
        ["allowed_origins"] = "--websocket-allowed-origins",
        ["compression"] = "--websocket-compression",
        ["compress"] = "--websocket-compression",
        ["handshake_timeout"] = "--websocket-handshake-timeout",
        ["advertise"] = "--websocket-advertise",
    };

    private static readonly Dictionary<string, string> Tls = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cert_file"] = "--websocket-tls-cert",
        ["key_file"] = "--websocket-tls-key",
        ["ca_file"] = "--websocket-tls-ca",
        ["verify"] = "--websocket-tls-verify",
        ["verify_and_map"] = "--websocket-tls-map",
        ["timeout"] = "--websocket-tls-timeout",
    };

    private static readonly HashSet<string> Switches =
        ["--websocket-no-tls", "--websocket-same-origin", "--websocket-compression", "--websocket-tls-verify", "--websocket-tls-map"];

    private static readonly string[] Addresses = ["listen", "host", "net", "port"];

    /// <summary>
    /// Takes <paramref name="entry"/> if it is the block: calls <paramref name="set"/> with each entry, its option, and the value unless it
    /// is as it stands there. What is not right in the block is added to <paramref name="faults"/>.
    /// </summary>
    /// <exception cref="ConfigurationException">It can't be taken at all.</exception>
    public static bool TryTake(ConfigurationEntry entry, ConfigurationFaults faults, Action<ConfigurationEntry, string, string?> set)
    {
        if (!entry.Key.Equals(Key, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        ConfigurationBlock block = entry.AsBlock();
        faults.TryEach(block, part =>
        {
            if (part.Key.Equals("tls", StringComparison.OrdinalIgnoreCase))
            {
                faults.TryEach(part.AsBlock(), inner => Take(inner, Tls, set, [.. Tls.Keys]));
            }
            else if (!Addresses.Contains(part.Key, StringComparer.OrdinalIgnoreCase))
            {
                Take(part, Options, set, [.. Addresses, "tls", .. Options.Keys]);
            }
        });

        ReadAddress(entry, block, set);
        return true;
    }

    private static void Take(ConfigurationEntry part, Dictionary<string, string> options, Action<ConfigurationEntry, string, string?> set, string[] accepted)
    {
        string option = options.GetValueOrDefault(part.Key) ?? throw part.Unknown(accepted);
        set(part, option, Switches.Contains(option) ? (part.AsSwitch() ? "true" : "false")
            : option == "--websocket-allowed-origins" ? string.Join(',', part.AsTexts()) : null);
    }

    private static void ReadAddress(ConfigurationEntry entry, ConfigurationBlock block, Action<ConfigurationEntry, string, string?> set)
    {
        string host = AnyHost;
        (ConfigurationEntry Entry, string Text)? address = null;
        foreach (ConfigurationEntry part in block.Entries)
        {
            switch (part.Key.ToLowerInvariant())
            {
                case "host" or "net":
                    host = ListenAddress.Bracketed(part.AsText());
                    break;
                case "port":
                    address = (part, Math.Max(0, part.AsInteger(-1, ushort.MaxValue)).ToString(CultureInfo.InvariantCulture));
                    break;
                case "listen":
                    address = (part, part.AsText());
                    break;
            }
        }

        if (address is not { } found)
        {
            throw new ConfigurationException(entry.Value.Place, "'websocket' has no address; accepted is 'port' or 'listen'");
        }

        set(found.Entry, "--websocket-listen", FileReading.WithHost(found.Text, host));
    }
}

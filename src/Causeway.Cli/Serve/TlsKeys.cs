using Causeway.Bus.Configuration.Syntax;

namespace Causeway.Cli.Serve;

/// <summary>The block <c>tls</c> of a configuration file, and <c>allow_non_tls</c> beside it, as options of <c>causeway serve</c>.</summary>
internal static class TlsKeys
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cert_file"] = "--tls-cert",
        ["key_file"] = "--tls-key",
        ["ca_file"] = "--tls-ca",
        ["verify"] = "--tls-verify",
        ["verify_and_map"] = "--tls-map",
        ["timeout"] = "--tls-timeout",
        ["handshake_first"] = "--tls-handshake-first",
        ["first"] = "--tls-handshake-first",
        ["min_version"] = "--tls-min-version",
    };

    private static readonly HashSet<string> Switches = ["--tls-verify", "--tls-map", "--tls-handshake-first"];

    /// <summary>The keys at the top of a file.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["tls", "allow_non_tls"];

    /// <summary>
    /// Takes <paramref name="entry"/> if it is one of <see cref="Keys"/>: calls <paramref name="set"/> with each entry, its option, and the
    /// value if it is a switch. What is not right in the block is added to <paramref name="faults"/>.
    /// </summary>
    /// <exception cref="ConfigurationException">It can't be taken at all.</exception>
    public static bool TryTake(ConfigurationEntry entry, ConfigurationFaults faults, Action<ConfigurationEntry, string, string?> set)
    {
        if (entry.Key.Equals(Keys[1], StringComparison.OrdinalIgnoreCase))
        {
            set(entry, "--allow-non-tls", Text(entry));
            return true;
        }

        if (!entry.Key.Equals(Keys[0], StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        ConfigurationBlock block = entry.AsBlock();
        bool isWhole = faults.TryEach(block, part =>
        {
            string option = Options.GetValueOrDefault(part.Key) ?? throw part.Unknown([.. Options.Keys]);
            set(part, option, Switches.Contains(option) ? Text(part) : null);
        });

        if (!isWhole)
        {
            // What seems to be missing may be what was wrong.
            return true;
        }

        string[] missing = [.. ((string[])["cert_file", "key_file"]).Where(key => block.Entries.All(part => !part.Key.Equals(key, StringComparison.OrdinalIgnoreCase)))];
        return missing.Length == 0 ? true : throw new ConfigurationException(entry.Value.Place, $"'tls' has no {string.Join(" and no ", missing)}; both are needed");
    }

    private static string Text(ConfigurationEntry entry) => entry.AsSwitch() ? "true" : "false";
}

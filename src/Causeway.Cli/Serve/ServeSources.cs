using System.CommandLine;
using Causeway.Bus.Configuration.Syntax;
using Causeway.Bus.Nodes;
using Causeway.Client;
using Causeway.Core.Access;

namespace Causeway.Cli.Serve;

/// <summary>Where a node's settings come from: the command line goes before the configuration file, and that before the environment.</summary>
/// <param name="options">The options.</param>
/// <param name="line">The command line.</param>
/// <param name="path">The configuration file; empty for none.</param>
/// <param name="style">How nats-server would be started; null for <c>causeway serve</c>.</param>
internal sealed class ServeSources(ServeOptions options, ParseResult line, string path, NatsServerStyle? style = null)
{
    /// <summary>The configuration file; empty for none.</summary>
    public string Path => path;

    /// <summary>The options.</summary>
    public ServeOptions Options => options;

    /// <summary>The command line by itself.</summary>
    public ParseResult Line => line;

    /// <summary>How nats-server would be started; null for <c>causeway serve</c>.</summary>
    public NatsServerStyle? Style => style;

    /// <summary>Reads all of it anew; gives the settings, and a line for each thing that is not right.</summary>
    public (ServeSettings? Settings, IReadOnlyList<string> Faults) Read()
    {
        FileSettings? file = null;
        ConfigurationFaults found = new();
        try
        {
            file = path.Length > 0 ? FileSettings.Read(ConfigurationParser.ReadFile(path), line.CommandResult.Command, found) : null;
        }
        catch (ConfigurationException fault)
        {
            found.Add(fault);
        }

        if (found.Count > 0)
        {
            return (null, [.. found.Lines.Select(UrlSecrets.HideIn)]);
        }

        ParseResult asked = style is null ? line : Parse([.. Words(line), .. style.ArgumentsBeside(line, file)]);
        ParseResult all = file is null ? asked : Parse([.. Words(asked), .. file.ArgumentsBeside(asked)]);
        (BusOptions node, IReadOnlyList<string> faults) = options.Read(all, file?.Access ?? new AccessSettings(), file?.Leafs?.Options);
        IReadOnlyList<string> lines = [.. all.Errors.Select(error => error.Message), .. faults];
        return lines.Count > 0
            ? (null, [.. lines.Select(fault => UrlSecrets.HideIn(file?.Placed(fault) ?? fault))])
            : (new ServeSettings(node, options.Http(all), options.Log(all), options.PidFile(all), options.PortsFolder(all), file, all), []);
    }

    private static IEnumerable<string> Words(ParseResult result) => result.Tokens.Select(token => token.Value);

    private ParseResult Parse(IReadOnlyList<string> words) => line.RootCommandResult.Command.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
}

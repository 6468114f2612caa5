using System.CommandLine;
using System.CommandLine.Parsing;
using Causeway.Client;

namespace Causeway.Cli.Inspect;

/// <summary>The option that says where a node's monitoring pages are. Its environment variable is that of <c>causeway serve --http</c>.</summary>
internal static class HttpOption
{
    private const string Name = "--http";
    private const string EnvironmentVariable = "CAUSEWAY_HTTP";
    private const string Fallback = "127.0.0.1:8222";
    private const string Accepted = "accepted is host:port, such as 127.0.0.1:8222";

    /// <summary>Creates the option; its value is host:port.</summary>
    public static Option<string> Create() => new(Name)
    {
        Description = $"The node's address for monitoring over HTTP [env: {EnvironmentVariable}]",
        HelpName = "host:port",
        CustomParser = result => Read(result, Name, result.Tokens[^1].Value),
        DefaultValueFactory = result =>
            Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } text ? Read(result, EnvironmentVariable, text) : Fallback,
    };

    /// <summary>Creates the option for several nodes: repeated, or separated by commas.</summary>
    public static Option<string[]> CreateMany() => new(Name)
    {
        Description = $"The nodes' addresses for monitoring over HTTP: repeat the option or separate by commas [env: {EnvironmentVariable}]",
        HelpName = "host:port",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => ReadMany(result, Name, result.Tokens.Select(token => token.Value)),
        DefaultValueFactory = result =>
            Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } text ? ReadMany(result, EnvironmentVariable, [text]) : [Fallback],
    };

    private static string[] ReadMany(ArgumentResult result, string source, IEnumerable<string> texts) =>
        [.. texts.SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(text => Read(result, source, text))];

    private static string Read(ArgumentResult result, string source, string text)
    {
        // A node that listens on all addresses is asked on this machine's own.
        string address = text.StartsWith("*:", StringComparison.Ordinal) ? $"127.0.0.1{text[1..]}" : text;
        int colon = address.LastIndexOf(':');
        if (colon > 0 && ushort.TryParse(address.AsSpan(colon + 1), out ushort port) && port > 0
            && !address.Contains('/', StringComparison.Ordinal) && Uri.TryCreate($"http://{address}/", UriKind.Absolute, out Uri? uri) && uri.Port == port && uri.UserInfo.Length == 0)
        {
            return address;
        }

        result.AddError($"{source}: '{UrlSecrets.Hide(text)}' is no address; {Accepted}");
        return Fallback;
    }
}

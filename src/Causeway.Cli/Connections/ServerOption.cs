using System.CommandLine;
using System.CommandLine.Parsing;
using Causeway.Client;

namespace Causeway.Cli.Connections;

/// <summary>The option that says which servers a command connects to.</summary>
internal static class ServerOption
{
    public const string Name = "--server";

    private const string Fallback = "nats://127.0.0.1:4222";

    // The first that is set counts; NATS_URL is what other tools of the protocol read.
    private static readonly string[] EnvironmentVariables = ["CAUSEWAY_SERVER", "NATS_URL"];

    /// <summary>Creates the option; its value holds at least one address, tried in the given order.</summary>
    public static Option<ServerAddress[]> Create() =>
        new(Name, "-s")
        {
            Description = "Servers to connect to, tried in this order: repeat the option or separate by commas [env: CAUSEWAY_SERVER, then NATS_URL]",
            HelpName = "url",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => Read(result, Name, result.Tokens.Select(token => token.Value)),
            DefaultValueFactory = FromEnvironment,
        };

    private static ServerAddress[] FromEnvironment(ArgumentResult result)
    {
        foreach (string variable in EnvironmentVariables)
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text)
            {
                return Read(result, variable, [text]);
            }
        }

        return [ServerAddress.Parse(Fallback)];
    }

    private static ServerAddress[] Read(ArgumentResult result, string source, IEnumerable<string> texts)
    {
        List<ServerAddress> addresses = [];
        foreach (string text in texts.SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (!ServerAddress.TryParse(text, out ServerAddress? address, out string? problem))
            {
                result.AddError($"{source}: '{UrlSecrets.Hide(text)}' {problem}; accepted is nats://host:port (or tls, ws, wss), or several separated by commas");
                return [];
            }

            addresses.Add(address);
        }

        return [.. addresses];
    }
}

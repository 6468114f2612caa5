using System.Buffers;

namespace Causeway.Core.Control;

/// <summary>
/// The subjects by which the parts of a deployment speak to each other over its own bus: nodes report, directors command. Names of
/// regions and nodes become one token each.
/// </summary>
public static class ControlSubjects
{
    /// <summary>What every subject of the deployment's own begins with.</summary>
    public const string Prefix = "$CW.";

    /// <summary>The pattern on which the reports of all nodes come.</summary>
    public const string AllReports = "$CW.report.*.*";

    private static readonly SearchValues<char> NoTokenCharacters = SearchValues.Create(".*> \t\r\n");

    /// <summary>Where the node <paramref name="node"/> of <paramref name="region"/> publishes its <see cref="NodeReport"/>.</summary>
    public static string Report(string region, string node) => $"{Prefix}report.{Token(region)}.{Token(node)}";

    /// <summary>Where the node <paramref name="node"/> of <paramref name="region"/> takes a <see cref="NodeCommand"/>, as a request.</summary>
    public static string Command(string region, string node) => $"{Prefix}command.{Token(region)}.{Token(node)}";

    /// <summary>
    /// What a node's answers to commands are sealed for. They travel on the reply subject of the request, which changes on its way
    /// over links, so that it can't be what both sides name.
    /// </summary>
    public static string Answer(string region, string node) => $"{Prefix}answer.{Token(region)}.{Token(node)}";

    /// <summary>The name as one token: characters that a token can't have become <c>_</c>; no name at all becomes <c>_</c> too.</summary>
    public static string Token(string name)
    {
        if (name.Length > 0 && !name.AsSpan().ContainsAny(NoTokenCharacters))
        {
            return name;
        }

        return name.Length == 0 ? "_" : string.Create(name.Length, name, static (token, from) =>
        {
            for (int i = 0; i < token.Length; i++)
            {
                token[i] = NoTokenCharacters.Contains(from[i]) ? '_' : from[i];
            }
        });
    }
}

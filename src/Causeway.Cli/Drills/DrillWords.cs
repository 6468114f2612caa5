using System.CommandLine;

namespace Causeway.Cli.Drills;

/// <summary>Texts about a run.</summary>
internal static class DrillWords
{
    /// <summary>The command line as it was given.</summary>
    public static string CommandLine(ParseResult parsed) => "causeway " + string.Join(' ', parsed.Tokens.Select(token => Quoted(token.Value)));

    private static string Quoted(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,".Contains(c)) ? text : $"'{text}'";
}

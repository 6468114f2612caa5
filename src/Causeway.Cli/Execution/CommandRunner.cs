using System.CommandLine;
using System.CommandLine.Parsing;
using Causeway.Cli.Output;
using Causeway.Client;

namespace Causeway.Cli.Execution;

/// <summary>Runs a command line: parses it, runs the command it names, and turns what goes wrong into one line and an exit code.</summary>
/// <remarks>
/// A command gets a token that SIGINT and SIGTERM cancel. It ends in order then, and lets <see cref="OperationCanceledException"/>
/// out for exit code 130 or 143; a command whose regular end such a signal is returns its own exit code.
/// </remarks>
internal static class CommandRunner
{
    /// <summary>Runs the command that <paramref name="args"/> name and returns the exit code.</summary>
    /// <param name="root">The program with its commands.</param>
    /// <param name="args">The command line.</param>
    /// <param name="error">Where error lines go to.</param>
    /// <param name="name">The name that error lines begin with; by default that of the command.</param>
    public static async Task<int> RunAsync(RootCommand root, string[] args, TextWriter error, string? name = null)
    {
        // No response files: a payload may well begin with an @.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (UsageLine(parsed, name) is { } usage)
        {
            await error.WriteLineAsync(usage);
            return ExitCode.Usage;
        }

        using Termination termination = new();
        InvocationConfiguration configuration = new()
        {
            // Exceptions and signals are dealt with here.
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, termination.Token);
        }
        catch (OperationCanceledException) when (termination.ExitCode is not null)
        {
            return termination.ExitCode.Value;
        }
        catch (OutputClosedException)
        {
            return ExitCode.OutputClosed;
        }
#pragma warning disable CA1031 // The last resort: a user gets one line, never a stack trace.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            await error.WriteLineAsync($"{name ?? CommandName(parsed)}: {Shown(failure.Message, parsed)}");
            return CodeOf(failure);
        }
    }

    /// <summary>The line that is shown if a command line is wrong; null if it is not.</summary>
    internal static string? UsageLine(ParseResult parsed, string? name = null)
    {
        string shown = name ?? CommandName(parsed);
        return UsageError(parsed) is { } problem ? $"{shown}: {Shown(problem, parsed)} (see {shown} --help)" : null;
    }

    private static int CodeOf(Exception failure) => failure switch
    {
        CommandException command => command.ExitCode,
        BusConnectionException => ExitCode.Connection,
        TimeoutException => ExitCode.Timeout,
        NoRespondersException => ExitCode.NoResponders,
        PayloadTooLargeException or ArgumentException => ExitCode.Usage,
        _ => ExitCode.Failure,
    };

    /// <summary>What is wrong with the command line, as one sentence; null where nothing is, or where help is asked for.</summary>
    private static string? UsageError(ParseResult parsed)
    {
        if (parsed.Action is { ClearsParseErrors: true })
        {
            return null;
        }

        Command command = parsed.CommandResult.Command;
        string commands = string.Join(", ", command.Subcommands.Select(subcommand => subcommand.Name));
        string? option = parsed.UnmatchedTokens.FirstOrDefault(LooksLikeOption) ?? OptionTakenAsArgument(parsed);
        return (parsed.UnmatchedTokens, parsed.Errors) switch
        {
            // What stands behind a command that does not exist can't be judged.
            ([string first, ..], _) when command.Subcommands.Count > 0 && !LooksLikeOption(first) => $"'{ShownWord.Of(first)}' is not a command; accepted is {commands}",
            _ when option is not null => $"'{ShownWord.Of(option)}' is not an option; where it is meant as an argument, put -- before it",
            ([], []) => null,
            ([], _) when command.Subcommands.Count > 0 && command.Action is null => $"a command is missing; accepted is {commands}",
            ([], _) => parsed.Errors[0].Message,
            _ => $"'{ShownWord.Of(parsed.UnmatchedTokens[0])}' is one argument too many",
        };
    }

    /// <summary>A mistyped option would otherwise be taken for a payload.</summary>
    private static string? OptionTakenAsArgument(ParseResult parsed)
    {
        HashSet<string> meant = [.. parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value)];
        return parsed.CommandResult.Command.Arguments
            .SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
            .Select(token => token.Value)
            .FirstOrDefault(value => LooksLikeOption(value) && !meant.Contains(value));
    }

    private static bool LooksLikeOption(string text) => text is ['-', not (>= '0' and <= '9'), ..];

    private static string CommandName(ParseResult parsed)
    {
        List<string> names = [];
        for (SymbolResult? at = parsed.CommandResult; at is not null; at = at.Parent)
        {
            names.Insert(0, at is CommandResult { Command: not RootCommand } command ? command.Command.Name : "causeway");
        }

        return string.Join(' ', names);
    }

    /// <summary>A message as one line, without the secrets of URLs: of those on the command line, wherever they stand, and of others.</summary>
    private static string Shown(string message, ParseResult parsed) => UrlSecrets.HideIn(parsed.Tokens
        .Select(token => token.Value)
        .Where(word => word.Length > 0)
        .Aggregate(message, (text, word) => text.Replace(word, ShownWord.Of(word), StringComparison.Ordinal))
        .ReplaceLineEndings(" ").Trim());
}

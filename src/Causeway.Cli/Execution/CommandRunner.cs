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
    public static async Task<int> RunAsync(RootCommand root, string[] args, TextWriter error)
    {
        // No response files: a payload may well begin with an @.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        string name = CommandName(parsed);
        if (UsageError(parsed) is { } usage)
        {
            await error.WriteLineAsync($"{name}: {OneLine(usage)} (see {name} --help)");
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
            await error.WriteLineAsync($"{name}: {OneLine(failure.Message)}");
            return CodeOf(failure);
        }
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
            _ when option is not null => $"'{option}' is not an option; where it is meant as an argument, put -- before it",
            ([], []) => null,
            ([], _) when command.Subcommands.Count > 0 && command.Action is null => $"a command is missing; accepted is {commands}",
            ([], _) => parsed.Errors[0].Message,
            _ when command.Subcommands.Count > 0 => $"'{parsed.UnmatchedTokens[0]}' is not a command; accepted is {commands}",
            _ => $"'{parsed.UnmatchedTokens[0]}' is one argument too many",
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

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}

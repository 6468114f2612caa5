using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Causeway.Cli.Execution;
using Causeway.Client;

namespace Causeway.Cli.Messaging;

/// <summary>Where the payload of one message comes from: the argument, <c>--stdin</c> or <c>--file</c>; without any it is empty.</summary>
internal sealed class PayloadOptions
{
    private readonly Argument<string?> _text;
    private readonly Option<string?> _file = new("--file", "-f") { Description = "Take the payload from this file", HelpName = "path" };
    private readonly Option<bool> _stdin = new("--stdin") { Description = "Take the payload from standard input, all of it" };

    public PayloadOptions(string argumentName, string description) =>
        _text = new Argument<string?>(argumentName) { Description = description, Arity = ArgumentArity.ZeroOrOne };

    /// <param name="command">Gets the argument and the options.</param>
    /// <param name="required">Whether one of the sources must be given; else the payload is empty without any.</param>
    /// <param name="others">Further options of the command, which exclude these; they count as sources.</param>
    public void AddTo(Command command, bool required, params Option[] others)
    {
        command.Arguments.Add(_text);
        command.Options.Add(_stdin);
        command.Options.Add(_file);
        Symbol[] sources = [_text, _stdin, _file, .. others];
        string names = string.Join(", ", sources.Select(source => source.Name));
        command.Validators.Add(result =>
        {
            string[] given = [.. sources.Where(source => IsGiven(result, source)).Select(source => source.Name)];
            if (given.Length > 1)
            {
                result.AddError($"{string.Join(" and ", given)} exclude each other; accepted is one of {names}");
            }
            else if (given.Length == 0 && required)
            {
                result.AddError($"{_text.Name} is missing; accepted is one of {names}");
            }
        });
    }

    /// <summary>Whether an argument or option stands on the command line.</summary>
    public static bool IsGiven(CommandResult result, Symbol symbol) => symbol switch
    {
        Argument argument => result.GetResult(argument) is { Tokens.Count: > 0 },
        Option option => result.GetResult(option) is { Implicit: false },
        _ => false,
    };

    /// <summary>Reads the payload.</summary>
    /// <exception cref="CommandException">The file can't be read, or there is more than any server takes.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_file) is { } path)
        {
            return await ReadFileAsync(path, cancellationToken);
        }

        if (parsed.GetValue(_stdin))
        {
            await using Stream input = Console.OpenStandardInput();
            return await ReadAllAsync(input, "--stdin", cancellationToken);
        }

        return Encoding.UTF8.GetBytes(parsed.GetValue(_text) ?? string.Empty);
    }

    private static async Task<byte[]> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return await ReadAllAsync(file, $"--file: '{path}'", cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            string reason = failure switch
            {
                FileNotFoundException or DirectoryNotFoundException => "does not exist",
                UnauthorizedAccessException when Directory.Exists(path) => "is a directory",
                UnauthorizedAccessException => "may not be read",
                _ => $"can't be read: {failure.Message}",
            };
            throw new CommandException(ExitCode.Usage, $"--file: '{path}' {reason}; accepted is a file that can be read");
        }
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream, string name, CancellationToken cancellationToken)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[64 * 1024];
        int count;

        // Reading a terminal or pipe can't be cancelled, so it is not waited for when the command is to end.
        while ((count = await stream.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(cancellationToken)) > 0)
        {
            all.Write(buffer, 0, count);
            if (all.Length > ClientLimits.MessageBytesMax)
            {
                throw new CommandException(
                    ExitCode.Usage, $"{name} holds more than the {ClientLimits.MessageBytesMax} bytes that a message may have");
            }
        }

        return all.ToArray();
    }
}

using System.CommandLine;
using Causeway.Cli.Execution;

namespace Causeway.Cli.Completion;

/// <summary><c>causeway completion SHELL</c>: prints what makes a shell complete the program's commands and options.</summary>
internal static class CompletionCommand
{
    private const string Examples = """
        Examples:
          source <(causeway completion bash)                              for this shell; in ~/.bashrc for all
          causeway completion zsh > "${fpath[1]}/_causeway"               then start zsh anew
          causeway completion fish > ~/.config/fish/completions/causeway.fish

        The script knows the commands and options of this version, and asks nobody while it completes.
        """;

    private static readonly Dictionary<string, Func<CompletionTree, string>> Shells = new(StringComparer.Ordinal)
    {
        ["bash"] = CompletionScript.Bash,
        ["zsh"] = CompletionScript.Zsh,
        ["fish"] = CompletionScript.Fish,
    };

    /// <summary>The command; <paramref name="root"/> is completed with all commands that it has when it runs.</summary>
    public static Command Create(RootCommand root)
    {
        Argument<string> shell = new("shell")
        {
            Description = "bash, zsh or fish",
            CustomParser = result =>
            {
                string text = result.Tokens[^1].Value;
                if (!Shells.ContainsKey(text))
                {
                    result.AddError($"shell: '{text}' is not known; accepted are bash, zsh and fish");
                }

                return text;
            },
        };
        Command command = new("completion", "Print a script that makes a shell complete commands and options.") { shell };
        command.SetAction(parsed => Console.Out.Write(Shells[parsed.GetRequiredValue(shell)](new CompletionTree(root))));
        HelpText.Append(command, Examples, HelpText.ExitCodes);
        return command;
    }
}

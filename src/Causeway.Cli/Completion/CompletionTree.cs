using System.CommandLine;

namespace Causeway.Cli.Completion;

/// <summary>All commands of the program with what may follow each, the program itself first.</summary>
internal sealed class CompletionTree
{
    private readonly List<CompletionNode> _nodes = [];

    public CompletionTree(RootCommand root) => Add(root, "");

    /// <summary>The commands.</summary>
    public IReadOnlyList<CompletionNode> Nodes => _nodes;

    /// <summary>The names of options behind which a file stands.</summary>
    public IEnumerable<string> FileOptions => _nodes.SelectMany(node => node.Options).Where(option => option.IsFile).SelectMany(option => option.Names).Distinct().Order(StringComparer.Ordinal);

    private void Add(Command command, string path)
    {
        IEnumerable<CompletionOption> options = command.Options.Where(option => !option.Hidden)
            .Select(option => new CompletionOption([option.Name, .. option.Aliases.Where(IsOption).Except([option.Name])], FirstLine(option.Description), option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool), IsFile(option)));
        _nodes.Add(new CompletionNode(path, [.. command.Subcommands.Where(child => !child.Hidden).Select(child => (child.Name, FirstLine(child.Description)))], [.. options]));
        foreach (Command child in command.Subcommands.Where(child => !child.Hidden))
        {
            Add(child, path.Length == 0 ? child.Name : $"{path} {child.Name}");
        }
    }

    /// <summary>Not -? and /?, which shells take for patterns.</summary>
    private static bool IsOption(string name) => name.StartsWith('-') && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool IsFile(Option option) => option.HelpName == "file" || option.Name.EndsWith("-file", StringComparison.Ordinal) || option.Name is "--incident-log" or "--link-tls-cert" or "--link-tls-key" or "--link-tls-ca";

    private static string FirstLine(string? text) => (text ?? "").Split('\n', 2)[0].Trim();
}

/// <summary>A command: its words behind the program's name, what may be one more, and its options.</summary>
internal sealed record CompletionNode(string Path, IReadOnlyList<(string Name, string Description)> Commands, IReadOnlyList<CompletionOption> Options);

/// <summary>An option with all its names, the long one first.</summary>
internal sealed record CompletionOption(IReadOnlyList<string> Names, string Description, bool TakesValue, bool IsFile);

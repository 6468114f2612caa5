using System.Globalization;
using System.Text;

namespace Causeway.Cli.Completion;

/// <summary>Writes a tree of commands as a script for a shell's completion.</summary>
internal static class CompletionScript
{
    /// <summary>For bash.</summary>
    public static string Bash(CompletionTree tree)
    {
        StringBuilder script = new("# Completion of causeway for bash: source <(causeway completion bash)\n");
        script.Append(
            """
            _causeway() {
              local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} at= known= word i
              for ((i = 1; i < COMP_CWORD; i++)); do
                word=${at:+$at }${COMP_WORDS[i]}
                case $word in

            """);
        script.Append(CultureInfo.InvariantCulture, $"      {Paths(tree)}) at=$word ;;\n    esac\n  done\n");
        script.Append(CultureInfo.InvariantCulture, $"  case $before in\n    {string.Join('|', tree.FileOptions)}) COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n  esac\n  case $at in\n");
        foreach (CompletionNode node in tree.Nodes)
        {
            script.Append(CultureInfo.InvariantCulture, $"    {Quoted(node.Path)}) known={Quoted(string.Join(' ', Words(node)))} ;;\n");
        }

        return script.Append("  esac\n  COMPREPLY=($(compgen -W \"$known\" -- \"$current\"))\n}\ncomplete -o default -F _causeway causeway\n").ToString();
    }

    /// <summary>For zsh.</summary>
    public static string Zsh(CompletionTree tree)
    {
        StringBuilder script = new("#compdef causeway\n# Completion of causeway for zsh: a file _causeway in a folder of $fpath.\n");
        script.Append(
            """
            _causeway() {
              local at= word i
              local -a known
              for ((i = 2; i < CURRENT; i++)); do
                word=${at:+$at }${words[i]}
                case $word in

            """);
        script.Append(CultureInfo.InvariantCulture, $"      {Paths(tree)}) at=$word ;;\n    esac\n  done\n");
        script.Append(CultureInfo.InvariantCulture, $"  case ${{words[CURRENT-1]}} in\n    {string.Join('|', tree.FileOptions)}) _files; return ;;\n  esac\n  case $at in\n");
        foreach (CompletionNode node in tree.Nodes)
        {
            script.Append(CultureInfo.InvariantCulture, $"    {Quoted(node.Path)}) known=({string.Join(' ', Words(node))}) ;;\n");
        }

        return script.Append("  esac\n  compadd -- $known\n}\nif [[ $funcstack[1] == _causeway ]]; then _causeway \"$@\"; elif (( $+functions[compdef] )); then compdef _causeway causeway; fi\n").ToString();
    }

    /// <summary>For fish.</summary>
    public static string Fish(CompletionTree tree)
    {
        StringBuilder script = new("# Completion of causeway for fish: a file causeway.fish in ~/.config/fish/completions.\n");
        script.Append(
            """
            function __causeway_at
                set -l at
                for word in (commandline -opc)[2..-1]
                    set -l longer (string trim -- "$at $word")

            """);
        string paths = string.Join(' ', tree.Nodes.Skip(1).Select(node => Quoted(node.Path)));
        script.Append(CultureInfo.InvariantCulture, $"        contains -- $longer {paths}; and set at $longer\n    end\n    test \"$at\" = \"$argv[1]\"\nend\ncomplete -c causeway -f\n");
        foreach (CompletionNode node in tree.Nodes)
        {
            string condition = $"-n {Quoted($"__causeway_at \"{node.Path}\"")}";
            foreach ((string name, string description) in node.Commands)
            {
                script.Append(CultureInfo.InvariantCulture, $"complete -c causeway {condition} -a {name} -d {Quoted(description)}\n");
            }

            foreach (CompletionOption option in node.Options)
            {
                string names = string.Join(' ', option.Names.Select(name => name.StartsWith("--", StringComparison.Ordinal) ? $"-l {name[2..]}" : name.Length == 2 ? $"-s {name[1..]}" : $"-o {name[1..]}"));
                script.Append(CultureInfo.InvariantCulture, $"complete -c causeway {condition} {names} {(option.IsFile ? "-r -F" : option.TakesValue ? "-x" : "")} -d {Quoted(option.Description)}\n");
            }
        }

        return script.ToString();
    }

    private static IEnumerable<string> Words(CompletionNode node) => node.Commands.Select(command => command.Name).Concat(node.Options.SelectMany(option => option.Names));

    private static string Paths(CompletionTree tree) => string.Join('|', tree.Nodes.Skip(1).Select(node => Quoted(node.Path)));

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

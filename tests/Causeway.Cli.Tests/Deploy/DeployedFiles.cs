using System.Text.RegularExpressions;
using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support.Servers;
using YamlDotNet.RepresentationModel;

namespace Causeway.Cli.Tests.Deploy;

/// <summary>The files in <c>deploy/</c>, and what the program says of its own options.</summary>
internal static partial class DeployedFiles
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    public static string Folder { get; } = Path.Combine(Root, "deploy");

    /// <summary>The documents of a manifest.</summary>
    public static IReadOnlyList<YamlMappingNode> Manifest(string name)
    {
        YamlStream yaml = [];
        using StreamReader text = File.OpenText(Path.Combine(Folder, "kubernetes", name));
        yaml.Load(text);
        return [.. yaml.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    /// <summary>What stands at a path of keys; numbers are places in a list.</summary>
    public static YamlNode At(YamlNode node, params string[] path) =>
        path.Aggregate(node, (at, key) => at is YamlSequenceNode list ? list[int.Parse(key, null)] : ((YamlMappingNode)at)[key]);

    /// <summary>The options of a command, and the variables that set them.</summary>
    public static async Task<(string[] Options, string[] Variables)> OptionsAsync(string command)
    {
        ProgramResult help = await CausewayProcess.RunAsync(null, [command, "--help"]);
        string text = help.Text.ReplaceLineEndings(" ");
        return ([.. Option().Matches(text).Select(match => match.Value)], [.. Variable().Matches(text).Select(match => match.Value)]);
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new FileInfo(TestServer.CausewayProgram).Directory;
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Causeway.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the repository's root is not above the program");
    }

    [GeneratedRegex("--[a-z][a-z-]+")]
    private static partial Regex Option();

    [GeneratedRegex("CAUSEWAY_[A-Z_]+")]
    private static partial Regex Variable();
}

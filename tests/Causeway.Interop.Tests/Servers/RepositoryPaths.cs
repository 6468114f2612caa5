namespace Causeway.Interop.Tests.Servers;

/// <summary>Where the repository and its build outputs are, found from where the tests run.</summary>
public static class RepositoryPaths
{
    public static string Root { get; } = FindRoot();

    public static string Project { get; } = Path.Combine(Root, "tests", "Causeway.Interop.Tests");

    /// <summary>Debug or Release: the server under test is taken from the same build as the tests.</summary>
    public static string Configuration { get; } =
        new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name;

    public static string CausewayProgram { get; } =
        Path.Combine(Root, "src", "Causeway.Cli", "bin", Configuration, "net10.0", "causeway.dll");

    /// <summary>A folder outside version control for what the tests compile and generate.</summary>
    public static string Artifacts { get; } = Path.Combine(Root, "artifacts", "interop");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Causeway.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Causeway.slnx above {AppContext.BaseDirectory}.");
    }
}

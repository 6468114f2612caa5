namespace Causeway.Core.Tests.Tidy;

/// <summary>The repository that the tests were built from.</summary>
internal static class SourceTree
{
    private static readonly string[] Roots = ["src", "tests", "bench", "samples"];
    private static readonly string[] Skipped = ["bin", "obj", "node_modules", "artifacts"];

    public static string Root { get; } = FindRoot();

    /// <summary>The C# files beneath src, tests, bench and samples.</summary>
    public static IReadOnlyList<SourceFile> CSharp { get; } =
        [.. Files("*.cs").Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path))))];

    /// <summary>Paths of files beneath src, tests, bench and samples, from the root and with slashes, in order.</summary>
    public static IEnumerable<string> Files(string pattern) => Roots
        .Select(root => Path.Combine(Root, root))
        .Where(Directory.Exists)
        .SelectMany(root => Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Where(path => !path.Split('/').Intersect(Skipped).Any())
        .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Causeway.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("the tests must run inside the repository");
    }
}
